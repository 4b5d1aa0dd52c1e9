#!/usr/bin/env python3
"""Writes tests/blocks/texts_reference.json: what scikit-learn, Python's unicodedata and re, and SentencePiece give for the texts in it.

Run with scikit-learn 1.9, NumPy 2.4 and SentencePiece 0.1.97 (spm_train and spm_encode of Debian's sentencepiece):
python3 tests/reference/texts.py > tests/blocks/texts_reference.json
"""
import collections
import json
import re
import subprocess
import tempfile
import unicodedata
from pathlib import Path

from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer

TRAIN = [
    "The film is good, really GOOD; a good film!",
    "a bad film   with\ta bad  plot and no_plot",
    "Größe, Überraschung und naïve Élan in the café",
    "it's 3.5 of 5 stars, 2nd time: good",
    "not good, not bad, not the worst",
    "日本語 の 映画 and Кино, кино",
    "",
    "one",
]
LATER = ["the good bad unseen film", "GRÖSSE! größe кино 映画", "", "it is not a bad plot\nin the 2nd film", "a b c"]
ODD = ["ﬁne ①②  Ａｂｃ", "e\u0301tude — Å", "ÀÉÎÕÜ ñ ç", "see https://a.org/x?y=1 or www.b.de, now", "1,234.5 and 7. or 8,", "a\u00a0b\u2003c\n\nd ",
       "x_y! (z) €5 ½", "хорошо Straße"]


def vectors(vectorizer, fit=True):
    if fit:
        vectorizer.fit(TRAIN)
    return vectorizer.transform(LATER).toarray().tolist()


def tfidf(params, **arguments):
    vectorizer = TfidfVectorizer(**arguments)
    rows = vectors(vectorizer)
    return {"params": params, "terms": list(vectorizer.get_feature_names_out()), "rows": rows}


def hashed(params, **arguments):
    return {"params": params, "rows": vectors(HashingVectorizer(**arguments), fit=False)}


def bare(text):
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if unicodedata.category(c) != "Mn"))


def spaced(text):
    return " ".join(text.split())


def tokens(method, vocabulary, min_count):
    cut = list if method == "characters" else re.compile(r"\w+|[^\w\s]+").findall
    counts = collections.Counter(token for text in TRAIN for token in cut(text))
    kept = sorted((t for t in counts if counts[t] >= min_count), key=lambda t: (-counts[t], t.encode()))[: vocabulary - 2]
    codes = {token: i + 2 for i, token in enumerate(kept)}
    return {"params": {"method": method, "vocabulary": vocabulary, "min_count": min_count},
            "codes": [[codes.get(t, 1) for t in cut(text)] for text in LATER]}


def pieces(method, vocabulary):
    plain = [spaced(t) for t in TRAIN]
    with tempfile.TemporaryDirectory() as folder:
        train = Path(folder, "train.txt")
        train.write_text("\n".join(t for t in plain if t) + "\n")
        subprocess.run(["spm_train", f"--input={train}", f"--model_prefix={folder}/m", f"--model_type={method}", f"--vocab_size={vocabulary}",
                        "--hard_vocab_limit=false", "--pad_id=0", "--unk_id=1", "--bos_id=-1", "--eos_id=-1", "--num_threads=1",
                        "--normalization_rule_name=identity", "--minloglevel=4"], check=True)
        done = subprocess.run(["spm_encode", f"--model={folder}/m.model", "--output_format=id"], input="\n".join(spaced(t) for t in LATER) + "\n",
                              capture_output=True, text=True, check=True)
    return {"params": {"method": method, "vocabulary": vocabulary}, "codes": [[int(c) for c in line.split()] for line in done.stdout.split("\n")[: len(LATER)]]}


print(json.dumps({
    "train": TRAIN,
    "later": LATER,
    "odd": ODD,
    "tf_idf": [
        tfidf({}),
        tfidf({"ngrams": [1, 3], "sublinear": True}, ngram_range=(1, 3), sublinear_tf=True),
        tfidf({"ngrams": [2, 2], "smooth_idf": False, "norm": "l1"}, ngram_range=(2, 2), smooth_idf=False, norm="l1"),
        tfidf({"lower_case": False, "idf": False, "norm": "none"}, lowercase=False, use_idf=False, norm=None),
        tfidf({"analyzer": "characters", "ngrams": [1, 4]}, analyzer="char", ngram_range=(1, 4)),
        tfidf({"analyzer": "characters_in_words", "ngrams": [2, 5]}, analyzer="char_wb", ngram_range=(2, 5)),
        tfidf({"min_texts": 2, "max_share": 0.4}, min_df=2, max_df=0.4),
        tfidf({"max_features": 1}, max_features=1),
    ],
    "hash_features": [
        hashed({"features": 64}, n_features=64),
        hashed({"features": 37, "ngrams": [1, 2], "signs": False, "norm": "l1"}, n_features=37, ngram_range=(1, 2), alternate_sign=False, norm="l1"),
        hashed({"features": 64, "analyzer": "characters_in_words", "ngrams": [1, 5], "norm": "none", "lower_case": False}, n_features=64,
               analyzer="char_wb", ngram_range=(1, 5), norm=None, lowercase=False),
        hashed({"features": 1000, "analyzer": "characters", "ngrams": [3, 3]}, n_features=1000, analyzer="char", ngram_range=(3, 3)),
    ],
    "normalize": [
        {"params": {}, "texts": [spaced(unicodedata.normalize("NFKC", t).lower()) for t in ODD]},
        {"params": {"form": "nfc", "lower_case": False, "single_spaces": False}, "texts": [unicodedata.normalize("NFC", t) for t in ODD]},
        {"params": {"form": "nfc", "accents": False}, "texts": [spaced(bare(unicodedata.normalize("NFC", t)).lower()) for t in ODD]},
        {"params": {"form": "keep", "lower_case": False, "addresses": "mark"}, "texts": [spaced(re.sub(r"\b(?:https?://|www\.)\S*", "URL", t)) for t in ODD]},
        {"params": {"form": "keep", "numbers": "remove"}, "texts": [spaced(re.sub(r"\d+(?:[.,]\d+)*", " ", t.lower())) for t in ODD]},
        {"params": {"form": "keep", "punctuation": False, "numbers": "mark"},
         "texts": [spaced("".join(" " if unicodedata.category(c)[0] in "PS" else c for c in re.sub(r"\d+(?:[.,]\d+)*", "NUMBER", t.lower()))) for t in ODD]},
    ],
    "tokenize": [tokens("words", 100, 1), tokens("words", 10, 2), tokens("characters", 12, 1), pieces("bpe", 80), pieces("unigram", 60)],
}, ensure_ascii=True))
