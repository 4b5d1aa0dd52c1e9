blockyard_test(export/bundle TORCH LINK blockyard_export)
blockyard_test(export/row_answers TORCH LINK blockyard_export)
blockyard_test(export/leave_out TORCH LINK blockyard_export)
