blockyard_test(base/json LINK blockyard_base)
blockyard_test(base/file LINK blockyard_base)
blockyard_test(base/checksums LINK blockyard_base)
