"""What happens over time: paging, reading, deleting, their journals."""
