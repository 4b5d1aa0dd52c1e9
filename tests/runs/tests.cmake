blockyard_test(runs/journal LINK blockyard_runs)
blockyard_test(runs/run LINK blockyard_runs)
blockyard_test(runs/lock LINK blockyard_runs)
blockyard_test(runs/checkpoints LINK blockyard_runs)
