blockyard_test(training/metrics LINK blockyard_training)
blockyard_test(training/schedule LINK blockyard_training)
blockyard_test(training/optimizer TORCH LINK blockyard_training)
blockyard_test(training/trainer TORCH LINK blockyard_training)
