#include "graph/training_settings.hpp"

namespace blockyard {

const std::vector<Param>& trainingParams() {
  constexpr double kMany = 1e15;
  static const std::vector<Param> kParams = {
      {"epochs", 10, Range{1, kMany}, "passes over the training rows"},
      {"batch_size", 32, Range{1, 1 << 24}, "rows per step", "rows"},
      {"seed", 0, Range{0, kMany}, "every random choice of the run follows from it"},
      {"balance", "none", Choices{"none", "oversample", "smote"},
       "rare classes among the training rows: none: every row comes once in an epoch; oversample: rows of rare classes "
       "come again, drawn at random, others in every epoch; smote: those are mixed with one of their nearest "
       "neighbours of the same class (looked for among at most 10,000 rows of a class). Probabilities then lean "
       "towards rare classes. What is judged or predicted is never repeated or mixed"},
      {"balance_share", 1.0, Range{0.001, 1},
       "oversample and smote: rare classes are filled up to this share of the rows of the most frequent one"},
      {"smote_neighbors", 5, Range{1, 100}, "smote: how many nearest neighbours a row may be mixed with", "rows"},
      {"mix", "none", Choices{"none", "mixup", "cutmix"},
       "train on mixtures of two rows of the batch, with both targets in the loss: mixup: lambda of one row and "
       "1 - lambda of the other; cutmix: a box of one picture in the other. The training loss is that of mixtures, "
       "so it lies above the validation loss; what is judged is never mixed"},
      {"mix_alpha", 0.2, Range{0.001, 100},
       "mixup and cutmix: lambda comes from Beta(alpha, alpha); small: mostly one row, 1: any share alike"},
      {"device", "auto", {}, "auto, cpu, cuda or cuda:N"},
      {"precision", "float32", Choices{"float32", "bfloat16", "float16"},
       "number format of matrix products and convolutions; float16 scales the loss so that small gradients survive"},

      {"optimizer", "adamw", Choices{"sgd", "adam", "adamw", "rmsprop"}, "how a gradient becomes a step"},
      {"learning_rate", 1e-3, Range{0, 1e3}, "size of a step"},
      {"momentum", 0.9, Range{0, 0.9999}, "sgd and rmsprop: share of the last step that is kept"},
      {"nesterov", false, {}, "sgd: look ahead along the momentum"},
      {"beta1", 0.9, Range{0, 0.99999}, "adam: memory of the gradient"},
      {"beta2", 0.999, Range{0, 0.999999}, "adam: memory of the squared gradient"},
      {"alpha", 0.99, Range{0, 0.999999}, "rmsprop: memory of the squared gradient"},
      {"epsilon", 1e-8, Range{1e-16, 1}, "adam and rmsprop: keeps the division finite"},
      {"weight_decay", 0.0, Range{0, 10}, "pulls weights to zero; norms and biases are left alone"},
      {"l1", 0.0, Range{0, 10}, "adds l1 * sum |w| of the weights to the loss"},
      {"l2", 0.0, Range{0, 10}, "adds l2 / 2 * sum w² of the weights to the loss"},
      {"clip_norm", 0.0, Range{0, kMany}, "largest norm of the whole gradient; 0 is off"},
      {"clip_value", 0.0, Range{0, kMany}, "largest size of one gradient; 0 is off"},
      {"accumulate", 1, Range{1, 1 << 20}, "batches whose gradients are averaged before a step"},
      {"ema_decay", 0.0, Range{0, 0.999999},
       "average the weights over the steps with this memory and use the average; 0 is off"},

      {"schedule", "constant", Choices{"constant", "step", "exponential", "cosine", "one-cycle", "plateau"},
       "how the learning rate changes"},
      {"warmup_steps", 0, Range{0, kMany}, "steps over which the learning rate rises from zero", "steps"},
      {"schedule_epochs", 10, Range{1, kMany}, "step: epochs between two drops", "epochs"},
      {"gamma", 0.1, Range{1e-6, 1},
       "step: factor of each drop; exponential: factor per epoch; plateau: factor of each drop"},
      {"min_learning_rate", 0.0, Range{0, 1e3}, "cosine and plateau: the rate ends here"},
      {"one_cycle_rise", 0.3, Range{0.01, 0.99}, "one-cycle: share of the steps in which the rate rises"},
      {"one_cycle_start", 25.0, Range{1, 1e9}, "one-cycle: the first rate is learning_rate divided by this"},
      {"one_cycle_end", 1e4, Range{1, 1e12}, "one-cycle: the last rate is the first divided by this"},
      {"plateau_patience", 5, Range{0, kMany}, "plateau: epochs without progress before a drop", "epochs"},

      {"early_stopping", 0, Range{0, kMany}, "stop after this many epochs without progress; 0 is off", "epochs"},
      {"monitor",
       "loss",
       {},
       "the metric that decides which state is best, on the validation rows: loss, accuracy, f1_macro, roc_auc, r2 "
       "..."},
      {"restore_best", true, {}, "end with the best state seen instead of the last one (needs validation rows)"},
      {"max_steps", 0, Range{0, kMany}, "stop after this many steps; 0 is off", "steps"},
      {"max_seconds", 0.0, Range{0, kMany}, "stop after this time; 0 is off", "s"},
      {"dry_run", false, {}, "one batch of everything, to see that it works; nothing is kept"},
      {"overfit_batches", 0, Range{0, kMany},
       "train on the first batches again and again, to see that it can learn; 0 is off", "batches"},

      {"split", "random", Choices{"random", "stratified", "order", "time", "group", "given"},
       "how rows are told apart: by a keyed hash, the same with equal shares of each class, by their order in the "
       "file, by the "
       "time in split_column, by the group in split_column, or as the source's files say"},
      {"split_column", "", {}, "time and group: the column", "", Role::Column},
      {"validation_share", 0.15, Range{0, 0.9}, "share of the rows that choose the best state"},
      {"test_share", 0.15, Range{0, 0.9}, "share of the rows that are looked at once, at the end"},
      {"folds", 0, Range{0, 1000}, "cross-validation: number of parts; 0 is off"},
      {"fold", 0, Range{0, 999}, "cross-validation: the part that is the validation set of this run"},

      {"accepted_warnings",
       Texts{},
       {},
       "warnings about the data that are known and meant: target:COLUMN, group:COLUMN, time:COLUMN, order:COLUMN, "
       "duplicates"},

      {"threads", 0, Range{0, 1024},
       "threads of the computation; 0 is one per core, or a single one for a small model"},
      {"loader_threads", 0, Range{0, 256},
       "threads that gather batches ahead of the step; 0 is one if a GPU computes or the rows lie on the disk, else "
       "the cores gather a batch together before its step"},
      {"memory_budget", 1024, Range{16, 1 << 24}, "memory that rows may take before they go to a temporary file",
       "MiB"},
      {"row_cache", "auto", Choices{"auto", "off", "always"},
       "keep prepared rows on the disk, for later runs that need the same ones; auto: where preparing takes more than "
       "2 s or they exceed memory_budget"},
      {"checkpoint_steps", 0, Range{0, kMany}, "steps between two checkpoints; 0 is only at the end of an epoch",
       "steps"},
      {"checkpoint_minutes", 10.0, Range{0, kMany}, "and at least this often", "min"},
      {"checkpoint_keep", 2, Range{0, kMany},
       "how many of the last checkpoints are kept beside the best one; 0 is all: any of them can be gone on from"},
  };
  return kParams;
}

}  // namespace blockyard
