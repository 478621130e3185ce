"""Reads data sets as those do who train on them: the datasets library, and LLaMA-Factory up to its tokenized rows.

check.py TOKENIZER FOLDER...: every FOLDER is one that tracemill made; TOKENIZER is a folder of a Hugging Face tokenizer.
Writes one line of JSON for every entry of every dataset_info.json: how many rows each reader found, and in how many the
text that is trained on is the row's own, to the character. Nothing is fetched: readers are told to be offline.
"""

import json
import os
import sys
import tempfile

SCRATCH = tempfile.TemporaryDirectory()
os.environ.update(HF_HOME=SCRATCH.name, HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", CUDA_VISIBLE_DEVICES="")
# Counts go to stdout; so would LLaMA-Factory's first example.
COUNTS, sys.stdout = sys.stdout, sys.stderr

from datasets import load_dataset  # noqa: E402
from llamafactory.data import get_dataset, get_template_and_fix_tokenizer  # noqa: E402
from llamafactory.hparams import get_train_args  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402

IGNORED = -100
# No row of a test is longer, so that what is trained on is whole.
CUTOFF = 65_536


def stage_of(entry):
    if entry.get("ranking"):
        return "rm"
    return "pt" if list(entry["columns"]) == ["prompt"] else "sft"


def trained(folder, name, entry, tokenizer_folder):
    """LLaMA-Factory's rows of one entry."""
    stage = stage_of(entry)
    model_args, data_args, training_args, _, _ = get_train_args(
        {
            "stage": stage,
            "model_name_or_path": tokenizer_folder,
            "dataset": name,
            "dataset_dir": folder,
            "template": "qwen",
            "cutoff_len": CUTOFF,
            "packing": False,
            "overwrite_cache": True,
            "do_train": True,
            "finetuning_type": "lora",
            "output_dir": os.path.join(SCRATCH.name, "out"),
            "report_to": "none",
            "use_cpu": True,
        }
    )
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    template = get_template_and_fix_tokenizer(tokenizer, data_args)
    rows = get_dataset(template, model_args, data_args, training_args, stage=stage, tokenizer=tokenizer)
    return stage, tokenizer, rows["train_dataset"]


def texts(stage, tokenizer, row):
    """What a row of LLaMA-Factory's teaches, without the end of the turn."""

    def answer(labels):
        text = tokenizer.decode([label for label in labels if label != IGNORED], skip_special_tokens=False)
        return text.removesuffix("\n").removesuffix("<|im_end|>")

    if stage == "rm":
        return [answer(row["chosen_labels"]), answer(row["rejected_labels"])]
    if stage == "sft":
        return [answer(row["labels"])]
    return [tokenizer.decode(row["input_ids"], skip_special_tokens=False).removesuffix(tokenizer.eos_token)]


def own_texts(entry, row):
    columns = entry["columns"]
    if "chosen" in columns:
        return [row["chosen"]["value"], row["rejected"]["value"]]
    if "response" in columns:
        return [row[columns["response"]]]
    if "messages" in columns:
        return [row[columns["messages"]][-1][entry["tags"]["content_tag"]]]
    return [row[columns["prompt"]]]


def check(folder, tokenizer_folder):
    with open(os.path.join(folder, "dataset_info.json")) as file:
        entries = json.load(file)
    # As the card says, split by split.
    card = load_dataset(folder)
    for name, entry in entries.items():
        path = os.path.join(folder, entry["file_name"])
        builder = "parquet" if path.endswith(".parquet") else "json"
        rows = load_dataset(builder, data_files=path, split="train")
        split = name.rsplit("-", 1)[1] if name.endswith(("-validation", "-test")) else "train"
        stage, tokenizer, found = trained(folder, name, entry, tokenizer_folder)
        equal = sum(texts(stage, tokenizer, theirs) == own_texts(entry, ours) for theirs, ours in zip(found, rows))
        counts = {"datasets": len(rows), "card": len(card[split]), "llamafactory": len(found), "equal": equal}
        print(json.dumps({"folder": folder, "name": name, "stage": stage, **counts}), file=COUNTS, flush=True)


if __name__ == "__main__":
    for given in sys.argv[2:]:
        check(given, sys.argv[1])
