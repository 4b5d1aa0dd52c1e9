blockyard_test(data/parse_number LINK blockyard_data)
blockyard_test(data/csv LINK blockyard_data)
blockyard_test(data/table_source LINK blockyard_blocks TORCH)
