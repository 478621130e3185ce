"""Saves rows as the datasets library does: save_to_disk.py ROWS.jsonl FOLDER.

Below FOLDER: one (one shard, with a cache file of map beside it), shards (of five), splits (a DatasetDict).
"""

import json
import os
import sys
import tempfile

SCRATCH = tempfile.TemporaryDirectory()
os.environ.update(HF_HOME=SCRATCH.name, HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1")

from datasets import Dataset, DatasetDict, load_from_disk  # noqa: E402


def save(rows, folder):
    data = Dataset.from_list(rows)
    data.save_to_disk(os.path.join(folder, "one"))
    load_from_disk(os.path.join(folder, "one")).map(lambda row: {"seen": True})
    data.save_to_disk(os.path.join(folder, "shards"), num_shards=5)
    half = len(rows) // 2
    splits = DatasetDict(train=data.select(range(half)), test=data.select(range(half, len(rows))))
    splits.save_to_disk(os.path.join(folder, "splits"))


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as lines:
        save([json.loads(line) for line in lines], sys.argv[2])
