"""The sample projects as samples.py measures them: the scores that count, the trainings, and baselines from scikit-learn.

A baseline takes a seed and gives its scores on test rows. It learns from training rows alone, of the same number as the
project's: what the project keeps for validation is left out where the split is random or given by groups."""
import dataclasses
import functools
import gzip
import os
import pathlib

import numpy as np
import pandas as pd
from PIL import Image
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, average_precision_score, f1_score, mean_absolute_error, r2_score, roc_auc_score
from sklearn.model_selection import GroupShuffleSplit, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

once = functools.lru_cache(maxsize=None)


@dataclasses.dataclass
class Sample:
    metrics: dict    # name in the results: title
    trainings: dict  # title: options of `blockyard train`
    baselines: dict  # title: seed -> {name in the results: score}


def data(name):
    return pathlib.Path(os.environ["BLOCKYARD_DATA"]) / name


# ---- splits: (rows to learn from, rows to be scored on)

def random_split(seed, rows, labels=None, validation=0.15, test=0.15):
    rest, tested = train_test_split(np.arange(rows), test_size=test, random_state=seed, stratify=labels)
    kept = None if labels is None else np.asarray(labels)[rest]
    return train_test_split(rest, test_size=validation / (1 - test), random_state=seed, stratify=kept)[0], tested


def group_split(seed, groups, validation=0.15, test=0.15):
    groups = np.asarray(groups)
    rest, tested = next(GroupShuffleSplit(1, test_size=test, random_state=seed).split(groups, groups=groups))
    split = GroupShuffleSplit(1, test_size=validation / (1 - test), random_state=seed)
    return rest[next(split.split(rest, groups=groups[rest]))[0]], tested


# ---- scores

def classified(model, x, y, rows):
    """Scores of a classifier that learns from some rows and answers for others; its last class is the positive one."""
    train, test = rows
    model.fit(take(x, train), y[train])
    return class_scores(model.predict_proba(take(x, test)), model.classes_, y[test])


def class_scores(scores, classes, truth):
    answers = classes[scores.argmax(1)]
    out = {"accuracy": accuracy_score(truth, answers), "f1_macro": f1_score(truth, answers, average="macro", zero_division=0)}
    if len(classes) == 2:
        out["roc_auc"] = roc_auc_score(truth == classes[1], scores[:, 1])
        out["pr_auc"] = average_precision_score(truth == classes[1], scores[:, 1])
    return out


def predicted(model, x, y, rows):
    train, test = rows
    return number_scores(model.fit(take(x, train), y[train]).predict(take(x, test)), y[test])


def number_scores(answers, truth):
    return {"r2": r2_score(truth, answers), "mae": mean_absolute_error(truth, answers)}


def take(x, rows):
    return x.iloc[rows] if hasattr(x, "iloc") else x[rows]


# ---- models

def table_linear(model):
    """Numbers filled in and standardized, classes one-hot: what the projects' preparation does."""
    numbers, texts = make_column_selector(dtype_include="number"), make_column_selector(dtype_exclude="number")
    return make_pipeline(
        make_column_transformer((make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
                                (OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=10), texts)), model)


def table_trees(model):
    numbers, texts = make_column_selector(dtype_include="number"), make_column_selector(dtype_exclude="number")
    code = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, min_frequency=10, max_categories=250)
    return make_pipeline(make_column_transformer(("passthrough", numbers), (code, texts)), model)


def logistic():
    return LogisticRegression(max_iter=2000)


def pixels_logistic(**settings):
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=300, **settings))


def of_classes(read, split, **models):
    """Baselines by title: classifiers on what read() gives, (x, y), with the rows of split(seed, x, y)."""
    def score(make, seed):
        x, y = read()
        return classified(make(), x, y, split(seed, x, y))
    return {title.replace("_", " "): functools.partial(score, make) for title, make in models.items()}


def of_numbers(read, split, **models):
    def score(make, seed):
        x, y = read()
        return predicted(make(), x, y, split(seed, x, y))
    return {title.replace("_", " "): functools.partial(score, make) for title, make in models.items()}


def majority():
    return DummyClassifier(strategy="prior")


def stratified(seed, x, y):
    return random_split(seed, len(y), y)


# ---- the data, as each project looks at it

@once
def penguins():
    table = pd.read_csv(data("penguins") / "penguins.csv")
    return table.drop(columns=["species", "year"]).fillna({"sex": "missing"}), table["species"].to_numpy()


@once
def housing():
    table = pd.read_csv(data("california-housing") / "housing.csv")
    return table.drop(columns="median_house_value"), table["median_house_value"].to_numpy()


@once
def fashion():
    folder = data("fashion-mnist")

    def idx(name, skip):
        return np.frombuffer(gzip.decompress((folder / name).read_bytes()), np.uint8, offset=skip)
    x = [idx(f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, 784) for part in ("train", "t10k")]
    y = [idx(f"{part}-labels-idx1-ubyte.gz", 8) for part in ("train", "t10k")]
    return np.concatenate(x).astype(np.float32) / 255, np.concatenate(y)


def fashion_split(seed, _x, _y):
    return random_split(seed, 60000, validation=0.05, test=0.0001)[0], np.arange(60000, 70000)


@once
def seedlings():
    """Histograms of the colors, eight steps for each channel together: 512 numbers a picture."""
    x, y = [], []
    for path in sorted((data("plant-seedlings") / "images").glob("*/*.png")):
        pixels = np.asarray(Image.open(path).convert("RGB").resize((64, 64))) // 32
        x.append(np.bincount((pixels.astype(int) @ [64, 8, 1]).ravel(), minlength=512) / 4096)
        y.append(path.parent.name)
    return np.sqrt(np.array(x)), np.array(y)


@once
def stays():
    """Diagnoses and codes as classes; who cannot come back is left out."""
    codes = ["admission_type_id", "discharge_disposition_id", "admission_source_id"]
    table = pd.read_csv(data("diabetes-130-hospitals") / "diabetic_data.csv", na_values="?", keep_default_na=False, low_memory=False,
                        dtype={**dict.fromkeys(codes, str), "diag_1": str, "diag_2": str, "diag_3": str})
    table = table[~table["discharge_disposition_id"].isin(["11", "13", "14", "19", "20", "21"])].reset_index(drop=True)
    drop = ["encounter_id", "patient_nbr", "weight", "payer_code", "examide", "citoglipton", "readmitted"]
    x = table.drop(columns=drop)
    return x.fillna(dict.fromkeys(x.select_dtypes(exclude="number"), "missing")), (table["readmitted"] == "<30").to_numpy(), table["patient_nbr"]


def stays_split(seed, _x, _y):
    return group_split(seed, stays()[2])


@once
def reviews():
    texts = [(data("rt-polarity") / f"rt-polarity.{end}").read_text("utf-8").splitlines() for end in ("neg", "pos")]
    return np.array(texts[0] + texts[1], dtype=object), np.repeat([0, 1], [len(texts[0]), len(texts[1])])


def windows(table, target, features, lookback, shares):
    """Rows (window, value that follows it), and the split by time of the project."""
    values, follows = table[features].to_numpy(float), table[target].to_numpy(float)
    x = np.stack([values[i:i + lookback].ravel() for i in range(len(values) - lookback)])
    y = follows[lookback:]
    validation, test = shares
    first_test = round(len(y) * (1 - test))
    return x, y, (np.arange(round(len(y) * (1 - test - validation))), np.arange(first_test, len(y)))


@once
def weather():
    features = ["temp_max", "temp_min", "precipitation", "wind"]
    return windows(pd.read_csv(data("seattle-weather") / "seattle-weather.csv"), "temp_max", features, 14, (0.2, 0.25))


def weather_as_today(_seed):
    x, y, (_, test) = weather()
    return number_scores(x[test, -4], y[test])


@once
def fan():
    """Spectra of windows of 128 samples, and the recording of each."""
    table = pd.read_csv(data("fan-vibration") / "accelerometer.csv")
    x, y, recordings = [], [], []
    for (state, speed), rows in table.groupby(["Sensor Configuration", "Rotation Speed Percentage"], sort=False):
        samples = rows[["x", "y", "z"]].to_numpy()
        for start in range(0, len(samples) - 127, 128):
            window = samples[start:start + 128]
            x.append((np.abs(np.fft.rfft(window - window.mean(0), axis=0)) ** 2).T.ravel())
            y.append(state)
            recordings.append(f"{state} {speed}")
    return np.log(np.array(x) + 1e-3), np.array(y), np.array(recordings)


@once
def machines():
    """What the project feeds its network: the five columns that name the kind of failure are left out."""
    table = pd.read_csv(data("ai4i-2020") / "ai4i2020.csv", encoding="utf-8-sig")
    x = table[["Type", "Air temperature [K]", "Process temperature [K]", "Rotational speed [rpm]", "Torque [Nm]", "Tool wear [min]"]].copy()
    x["power"] = x["Torque [Nm]"] * x["Rotational speed [rpm]"]
    x["process above air"] = x["Process temperature [K]"] - x["Air temperature [K]"]
    x["strain"] = x["Tool wear [min]"] * x["Torque [Nm]"]
    return x, table["Machine_failure"].to_numpy()


@once
def raw_machines():
    x, y = machines()
    return x.drop(columns=["power", "process above air", "strain"]), y


@once
def rates():
    """Log returns of 20 days and the next one of the dollar; the level of the dollar with them."""
    features = ["USD", "JPY", "GBP", "CHF", "SEK", "AUD", "CAD"]
    table = pd.read_csv(data("ecb-fx") / "eurofxref-hist.csv", usecols=["Date", *features]).sort_values("Date")
    level, _, split = windows(table, "USD", features, 21, (0.15, 0.2))
    logs = np.log(level.reshape(len(level), 21, -1))
    dollar = table["USD"].to_numpy()
    return np.diff(logs, axis=1).reshape(len(level), -1), np.log(dollar[21:] / dollar[20:-1]), split, dollar


def rates_constant(answer):
    """Scores of one answer for every day, given the returns that were learned from."""
    def score(_seed):
        _, y, (train, test), _ = rates()
        return number_scores(np.full(len(test), answer(y[train])), y[test])
    return score


def rate_as_today(_seed):
    """The level pipeline's windows are one day shorter, so it has one row more; the days that are tested end the same."""
    _, _, (_, test), dollar = rates()
    days = np.arange(len(dollar) - len(test), len(dollar))
    return number_scores(dollar[days - 1], dollar[days])


@once
def modules():
    x, y = [], []
    for path in sorted((data("solar-infrared") / "images").glob("*/*.jpg")):
        x.append(np.asarray(Image.open(path).convert("L"), np.float32).ravel() / 255)
        y.append(path.parent.name)
    return np.array(x), np.array(y)


@once
def sorted_modules():
    """Each picture's pixels by size, every tenth, less their mean: how much stands out, not where."""
    x, y = modules()
    ordered = np.sort(x, axis=1)[:, ::10]
    return ordered - ordered.mean(1, keepdims=True), y


@once
def chests():
    arrays = np.load(data("pneumoniamnist") / "pneumoniamnist.npz")
    parts = ("train", "val", "test")
    x = np.concatenate([arrays[f"{part}_images"].reshape(-1, 784) for part in parts]).astype(np.float32) / 255
    return x, np.concatenate([arrays[f"{part}_labels"].ravel() for part in parts])


def chests_split(_seed, _x, _y):
    return np.arange(4708), np.arange(4708 + 524, 4708 + 524 + 624)


def two(read):
    return lambda: read()[:2]


SAMPLES = {
    "penguins": Sample(
        {"accuracy": "accuracy", "f1_macro": "macro F1"}, {"this project": []},
        of_classes(penguins, stratified, logistic_regression=lambda: table_linear(logistic()), most_frequent_species=majority)),
    "california-housing": Sample(
        {"r2": "R²", "mae": "mean error, USD"}, {"this project": []},
        of_numbers(housing, lambda seed, x, y: random_split(seed, len(y)), linear_regression=lambda: table_linear(LinearRegression()),
                   **{"gradient-boosted trees": lambda: table_trees(HistGradientBoostingRegressor())}, always_the_mean=DummyRegressor)),
    "fashion-mnist": Sample(
        {"accuracy": "accuracy"}, {"this project": []},
        of_classes(fashion, fashion_split, logistic_regression_on_pixels=lambda: LogisticRegression(max_iter=100), always_the_same=majority)),
    "plant-seedlings": Sample(
        {"accuracy": "accuracy", "f1_macro": "macro F1"}, {"this project": []},
        of_classes(seedlings, stratified, logistic_regression_on_histograms_of_colors=lambda: pixels_logistic(), always_the_same=majority)),
    "readmission": Sample(
        {"roc_auc": "ROC AUC", "pr_auc": "average precision", "accuracy": "accuracy"}, {"this project": []},
        of_classes(two(stays), stays_split, logistic_regression=lambda: table_linear(logistic()),
                   **{"gradient-boosted trees": lambda: table_trees(HistGradientBoostingClassifier())}, nobody_comes_back=majority)),
    "rt-polarity": Sample(
        {"accuracy": "accuracy"}, {"this project": [], "this project, `tf_idf`": ["--pipeline", "tf_idf"]},
        of_classes(reviews, stratified, logistic_regression_on_TF_IDF=lambda: make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), logistic()), always_the_same=majority)),
    "seattle-weather": Sample(
        {"mae": "mean error, °C", "r2": "R²"}, {"this project": []},
        {**of_numbers(two(weather), lambda seed, x, y: weather()[2], linear_regression_on_the_14_days=Ridge),
         "as warm as today": weather_as_today}),
    "fan-vibration": Sample(
        {"accuracy": "accuracy"},
        {"this project": [],
         "this project, recordings never heard": ["--set", "training.split=group", "--set", "training.split_column=recording"]},
        {**of_classes(two(fan), lambda seed, x, y: random_split(seed, len(y), y, 0.2, 0.25), logistic_regression=pixels_logistic,
                      always_the_same=majority),
         **of_classes(two(fan), lambda seed, x, y: group_split(seed, fan()[2], 0.2, 0.25),
                      **{"logistic regression, recordings never heard": pixels_logistic})}),
    "machine-failure": Sample(
        {"pr_auc": "average precision", "roc_auc": "ROC AUC", "accuracy": "accuracy"}, {"this project": []},
        {**of_classes(machines, stratified, logistic_regression=lambda: table_linear(logistic()),
                      **{"gradient-boosted trees": lambda: table_trees(HistGradientBoostingClassifier())}),
         **of_classes(raw_machines, stratified, **{"logistic regression, without the three formulas": lambda: table_linear(logistic())},
                      nothing_ever_fails=majority)}),
    "exchange-rates": Sample(
        {"r2": "R²", "mae": "mean error"}, {"this project, log return": [], "this project, `level`": ["--pipeline", "level"]},
        {"log return: none, as today": rates_constant(lambda y: 0.0),
         "log return: the mean of the past": rates_constant(np.mean),
         **{"log return: " + title: score for title, score in of_numbers(
             two(rates), lambda seed, x, y: rates()[2], linear_regression_on_the_20_days=lambda: make_pipeline(StandardScaler(), Ridge())).items()},
         "level: as today": rate_as_today}),
    "solar-defects": Sample(
        {"accuracy": "accuracy", "f1_macro": "macro F1"}, {"this project": []},
        {**of_classes(modules, stratified, logistic_regression_on_pixels=lambda: pixels_logistic(C=0.01)),
         **of_classes(sorted_modules, stratified, logistic_regression_on_sorted_pixels=pixels_logistic, never_a_defect=majority)}),
    "pneumonia": Sample(
        {"accuracy": "accuracy", "roc_auc": "ROC AUC"}, {"this project": []},
        of_classes(chests, chests_split, logistic_regression_on_pixels=lambda: pixels_logistic(C=0.01), always_pneumonia=majority)),
}
