"""Sheets of usage, for the stories beside this file."""
import io

import openpyxl

COLUMNS = [
    'record_id', 'record_note', 'item_search_criteria', 'item_search_value', 'quantity', 'start_time_utc',
    'end_time_utc', 'asset_search_criteria', 'asset_search_value', 'category_id',
]


def workbook(**tabs):
    """A workbook; each tab is its columns and its rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, (columns, rows) in tabs.items():
        tab = book.create_sheet(title)
        for row in [columns, *rows]:
            tab.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def usage(asset, *records):
    """Hours of May that a subscription has used."""
    rows = [
        [name, '', 'item.mpn', 'MPN-HOURS', hours, '2024-05-01 00:00:00', '2024-05-31 00:00:00', 'asset.id', asset, 'work']
        for hours, name in enumerate(records, start=1)
    ]
    categories = ['category_id', 'category_name', 'category_description'], [['work', 'Work', 'All of it']]
    return workbook(records=(COLUMNS, rows), categories=categories)


def bills(*records):
    """What the distributor's bills call some records."""
    columns = ['record_id', 'external_billing_id', 'external_billing_note']
    return workbook(records=(columns, [[name, f'B-{name}', 'May'] for name in records]))
