"""Read a BI file whole with the duckdb package of whoever runs this: `python read_with_driver.py FILE`.

Stands alone: the environments of old drivers have nothing else. Prints JSON: the driver's version, and of each table
its rows, a digest that no order and no driver changes, its comment and those of its columns.
"""

import hashlib
import json
import sys

import duckdb


def main():
    connection = duckdb.connect(sys.argv[1], read_only=True)
    connection.execute("set timezone = 'UTC'")
    tables = connection.execute(
        "select table_name, comment from duckdb_tables() where schema_name = 'main' order by table_name"
    ).fetchall()
    found = {name: table(connection, name, comment) for name, comment in tables}
    print(json.dumps({"driver": duckdb.__version__, "tables": found}))


def table(connection, name, comment):
    columns = connection.execute(
        "select column_name, data_type, comment from duckdb_columns() where table_name = ? order by column_index",
        [name],
    ).fetchall()
    # The Python driver needs another package for moments with a time zone; their microseconds say the same.
    listed = ", ".join(
        f'epoch_us("{column}")' if kind.endswith("TIME ZONE") else f'"{column}"' for column, kind, _ in columns
    )
    answer = connection.execute(f'select {listed} from main."{name}"')
    rows, digest = 0, 0
    while True:
        some = answer.fetchmany(10000)
        if not some:
            break
        rows += len(some)
        for row in some:
            digest += int.from_bytes(hashlib.sha256(repr(row).encode()).digest()[:8], "big")
    return {
        "rows": rows,
        "digest": str(digest),
        "comment": comment,
        "columns": [[column, kind, meaning] for column, kind, meaning in columns],
    }


main()
