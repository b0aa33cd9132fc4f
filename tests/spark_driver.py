"""A program for `test_spark_cluster`: checks a folder on a cluster, and says when it is in the middle."""

from __future__ import annotations

import pickle
import sys
import threading
import time
from pathlib import Path

from pyspark.sql import SparkSession

from ec2codec.integrations.spark import check_files, summary


def tell_when_begun(spark: SparkSession) -> None:
    """Write a line when some tasks of a stage are done, and many are not."""
    tracker = spark.sparkContext.statusTracker()
    while True:
        for number in tracker.getActiveStageIds():
            stage = tracker.getStageInfo(number)
            if (
                stage is not None
                and stage.numTasks > 20
                and 3 <= stage.numCompletedTasks <= stage.numTasks / 2
            ):
                print("in the middle", flush=True)
                return
        time.sleep(0.05)


def main(master: str, folder: str, result: str) -> None:
    """Check the folder in many small tasks, and leave findings and counts in a file."""
    spark = SparkSession.builder.master(master).appName("tests").getOrCreate()
    threading.Thread(target=tell_when_begun, args=(spark,), daemon=True).start()
    rows = check_files(spark, [folder], size=40 << 20).persist()
    found = rows.where("kind = 'finding'").select(
        "place", "action", "rule", "code", "location", "severity", "message", "completeness", "agreement"
    )
    findings = [tuple(row) for row in found.collect()]
    Path(result).write_bytes(pickle.dumps((findings, summary(rows).tally)))
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
