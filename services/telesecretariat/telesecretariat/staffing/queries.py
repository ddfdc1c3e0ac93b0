"""SQL of staffing: what like days brought."""

# By local date and half hour; days ($3 to $4) apart, each off the line's index. Who called while it was closed is not
# counted: agents are planned for open hours.
HISTORY = """
SELECT day.on_date AS day,
    (extract(hour FROM c.arrived_at AT TIME ZONE $2) * 2
        + floor(extract(minute FROM c.arrived_at AT TIME ZONE $2) / 30))::int AS place, count(*) AS calls
FROM unnest($3::timestamptz[], $4::timestamptz[], $5::date[]) AS day (begins, ends, on_date)
JOIN call c ON c.line_id = $1 AND c.arrived_at >= day.begins AND c.arrived_at < day.ends
WHERE c.direction = 'inbound' AND c.state <> 'closed'
GROUP BY 1, 2
"""
