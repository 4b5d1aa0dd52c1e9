blockyard_test(export/bundle TORCH LINK blockyard_export)
