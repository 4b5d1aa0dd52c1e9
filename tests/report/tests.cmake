blockyard_test(report/parts LINK blockyard_report)
blockyard_test(report/report LINK blockyard_report)
blockyard_test(report/tables LINK blockyard_report)
