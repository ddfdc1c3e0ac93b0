"""SQL of shared orders."""

FLOW_OF_CODE = "SELECT * FROM flow WHERE group_id = $1 AND code = $2 AND retired_at IS NULL"
FLOW = "SELECT * FROM flow WHERE id = $1"
ITEMS = "SELECT id, code FROM item WHERE flow_id = $1 AND code = ANY ($2::text[]) AND retired_at IS NULL"
LOCK = "SELECT * FROM flow_order WHERE id = $1 FOR NO KEY UPDATE"
LOCK_LINES = "SELECT * FROM order_line WHERE order_id = $1 ORDER BY id FOR NO KEY UPDATE"
LOCK_LINE = "SELECT * FROM order_line WHERE id = $1 FOR NO KEY UPDATE"
ORDER_OF_LINE = "SELECT order_id FROM order_line WHERE id = $1"
ORDER = """
SELECT o.*, f.code AS flow, f.unit, f.direction FROM flow_order o JOIN flow f ON f.id = o.flow_id WHERE o.id = $1
"""
LINES = """
SELECT l.*, i.code AS item, i.name,
       (SELECT c.place_id FROM custody c WHERE c.subject_id = l.id AND c.until IS NULL) AS place_id
FROM order_line l JOIN item i ON i.id = l.item_id WHERE l.order_id = $1 ORDER BY i.code
"""
LIST = """
SELECT o.*, f.code AS flow, f.unit, f.direction FROM flow_order o JOIN flow f ON f.id = o.flow_id
WHERE ($1::text IS NULL OR o.state = $1) AND ($2::text IS NULL OR f.code = $2) AND ($3::uuid IS NULL OR o.site_id = $3)
  AND ($4::date IS NULL OR o.wanted_on >= $4) AND ($5::date IS NULL OR o.wanted_on <= $5)
  AND ($6::uuid IS NULL OR o.id < $6)
ORDER BY o.id DESC LIMIT $7
"""
# Orders whose prepared lines are in these crates.
IN_CRATES = """
SELECT DISTINCT l.order_id FROM custody c JOIN order_line l ON l.id = c.subject_id
WHERE c.place_id = ANY ($1::uuid[]) AND c.until IS NULL AND c.subject_kind = 'parcel'
"""
