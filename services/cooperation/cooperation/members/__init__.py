"""The group, its members, sites, places, stations, devices, signatories; and what the group decides."""
