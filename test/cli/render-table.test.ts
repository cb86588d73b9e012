import { describe, expect, it } from 'vitest';
import { renderTable } from '../../src/cli/render-table.ts';

describe('a table', () => {
  it('is as wide as its widest cells, with numbers on the right', () => {
    const table = renderTable(
      [{ head: 'name' }, { head: 'n', align: 'right' }],
      [
        ['a', '1'],
        ['longer', '100'],
      ],
    );
    expect(table).toBe('name      n\na         1\nlonger  100');
  });

  it('without rows is its head', () => {
    expect(renderTable([{ head: 'name' }, { head: 'n' }], [])).toBe('name  n');
  });

  it('leaves a missing cell empty and no blanks at the end of a line', () => {
    expect(renderTable([{ head: 'a' }, { head: 'b' }], [['x']])).toBe('a  b\nx');
  });

  it('that is wider than its page is a block for each row, without the cells that are empty', () => {
    const table = renderTable(
      [{ head: 'name' }, { head: 'n', align: 'right' }, { head: 'remark' }],
      [
        ['a', '1', 'something that is long'],
        ['b', '20', ''],
      ],
      30,
    );
    expect(table).toBe(
      'name\n  a\n    n       1\n    remark  something that is\n            long\n  b\n    n       20',
    );
  });
});
