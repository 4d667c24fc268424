// The pure functions of the page (src/page/text.js, scale.js, data.js) under `node --test`.
'use strict';
const {test} = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const page = vm.createContext({TextDecoder, Intl});
for (const name of ['text.js', 'scale.js', 'data.js'])
    vm.runInContext(fs.readFileSync(path.join(__dirname, '../../src/page', name), 'utf8'), page, {filename: name});
const plain = value => JSON.parse(JSON.stringify(value));
const same = (got, wanted) => assert.deepEqual(plain(got), wanted);
const GIB = {name: 'GiB', size: 2 ** 30};

test('numbers are rounded as printf does: exact ties to the even digit', () => {
    for (const [value, decimals, wanted] of [[2.25, 1, '2.2'], [2.75, 1, '2.8'], [0.5, 0, '0'], [1.5, 0, '2'], [2.5, 0, '2'], [0.125, 2, '0.12'],
        [0.15, 1, '0.1'], [-2.25, 1, '-2.2'], [2.675, 2, '2.67'], [1e15 + 0.5, 0, '1000000000000000'], [29.999, 1, '30.0']])
        assert.equal(page.fixed(value, decimals), wanted);
});

test('quantities and sizes read as those of the plot', () => {
    for (const [value, wanted] of [[247.84, '247.8'], [32, '32'], [0.0412, '0.041'], [0, '0'], [999.96, '1000'], [1234.5, '1234'], [0.9994, '1'], [1e-12, '1.0e-12']])
        assert.equal(page.formatQuantity(value), wanted);
    assert.equal(page.formatSize(27.6 * 2 ** 30, GIB), '27.6 GiB');
    assert.equal(page.formatSize(5 * 2 ** 20, GIB), '5 MiB');
    assert.equal(page.formatSize(12, {name: '%', size: 1}), '12 %');
    assert.equal(page.formatSize(12, {name: '', size: 1}), '12');
    assert.equal(page.formatSize(NaN, GIB), '–');
    same([1, 1023, 1024, 2 ** 40, 2 ** 60].map(bytes => page.unitFor(bytes).name), ['B', 'B', 'KiB', 'TiB', 'PiB']);
    same([1500, 30, 1, 0.5, 0.05, 0].map(max => page.columnDecimals(max)), [0, 1, 1, 2, 3, 1]);
});

test('times and durations', () => {
    same([5, 154, 754, 6742, 273906, -3].map(seconds => page.formatClock(seconds)), ['0:05', '2:34', '0:12:34', '1:52:22', '3d 4:05:06', '0:00']);
    same([0.5, 45, 246, 1320, 7800, 273600, 86400, 59.7, 9.96].map(seconds => page.formatDuration(seconds)),
        ['0.5 s', '45 s', '4 min 6 s', '22 min', '2 h 10 min', '3 d 4 h', '1 d', '1 min', '10 s']);
    const clock = {epoch_s: Date.UTC(2024, 10, 24, 22, 0, 0) / 1000, zone_s: 3600};
    assert.equal(page.formatMoment(65, clock), '23:01:05');
    assert.equal(page.formatMoment(2 * 3600, clock), 'Nov 25 01:00:00');
});

test('ticks are at round values', () => {
    const texts = scale => scale.ticks.map(tick => tick.text);
    // The rows are those of tests/figure/test_scale.c, because the page and the plot have the same axes.
    for (const [max, most, binary, wanted] of [[34, 5, true, '0 8 16 24 32'], [27.6, 5, true, '0 8 16 24'], [270, 5, true, '0 64 128 192 256'],
        [1.2, 5, true, '0 0.25 0.50 0.75 1.00'], [0.3, 5, true, '0 0.1 0.2 0.3'], [1100, 5, true, '0 256 512 768 1024'],
        [0.004, 5, true, '0 0.001 0.002 0.003 0.004'], [270, 6, false, '0 50 100 150 200 250'], [13, 6, false, '0 5 10 15'],
        [34, 4, true, '0 12 24 36']])
        assert.equal(texts(page.scaleMemory(max, most, binary)).join(' '), wanted);
    assert.equal(page.scaleMemory(13, 6, false).max, 15);
    assert.equal(page.scaleMemory(0, 5, true).max, 1);
    same(texts(page.scalePercent(80, 5)), ['0', '25', '50', '75', '100']);
    const hours = page.scaleTime(0, 7800, 7);
    same([hours.caption, ...texts(hours)], ['h:min', '0', '0:20', '0:40', '1:00', '1:20', '1:40', '2:00']);
    same(texts(page.scaleTime(0, 30, 4)), ['0', '10', '20', '30']);
    assert.equal(page.scaleTime(5, 5, 4).max, 6);
    const clock = page.scaleClock(0, 3 * 3600, 4, {epoch_s: Date.UTC(2024, 10, 23, 22) / 1000, zone_s: 0});
    same(texts(clock), ['22:00', '23:00', 'Nov 24', '01:00']);
    assert.equal(clock.caption, 'time of day, Nov 23 2024, UTC');
    assert.equal(page.clockCaption(Date.UTC(2024, 10, 3) / 1000, -16200), 'time of day, Nov  3 2024, UTC-4:30');
    same(clock.ticks.map(tick => tick.value), [0, 3600, 7200, 10800]);
});

test('an axis has the same end, minor ticks and signs as in the plot', () => {
    const hours = page.scaleTime(0, 7800, 7);
    same([hours.end, hours.minor.length, ...hours.minor.slice(0, 4)], ['2:10:00', 20, 300, 600, 900, 1500]);
    same([page.scaleTime(0, 191, 9).end, page.scaleTime(0, 42.5, 9).end, page.scaleTime(0, 90061, 9).end], ['3:11', '42.5', '1d 1:01:01']);
    same(page.scaleTime(0, 30, 4).minor, []);
    const clock = page.scaleClock(0, 3 * 3600, 4, {epoch_s: Date.UTC(2024, 10, 23, 22, 30) / 1000, zone_s: 0});
    same([clock.end, clock.step, ...clock.minor.slice(0, 3)], ['Nov 24 01:30:00', 3600, 0, 900, 2700]);
    const deviation = page.scaleDeviation(4.7, 6, true);
    same([deviation.min, deviation.max, ...deviation.ticks.map(tick => tick.text)], [-4.7, 4.7, '\u22124', '\u22122', '0', '+2', '+4']);
    same([page.scaleDeviation(0, 6, true).max, page.scaleDeviation(12, 14, false).ticks.length], [1, 5]);
});

test('labels move apart, in order and within bounds', () => {
    same(page.pushApart([10, 12, 50], 15, 0, 100), [10, 25, 50]);
    same(page.pushApart([90, 95, 99], 15, 0, 100), [70, 85, 100]);
    same(page.pushApart([], 15, 0, 100), []);
});

/** Packs a column like bytes.c. */
function pack(values, {isDelta = 0, width = 2, base = 0, factor = 1, divisor = 1} = {}) {
    const bytes = Buffer.alloc(26 + width * values.length);
    [base, factor, divisor].forEach((number, i) => bytes.writeDoubleLE(number, 8 * i));
    bytes[24] = width;
    bytes[25] = isDelta;
    values.forEach((value, i) => {
        const difference = isDelta && i ? value - values[i - 1] : value, zigzag = difference < 0 ? -2 * difference - 1 : 2 * difference;
        for (let k = 0; k < width; k++)
            bytes[26 + k * values.length + i] = Math.floor(zigzag / 256 ** k) % 256;
    });
    return bytes;
}

test('columns of numbers are unpacked; damage is an error', () => {
    const read = (bytes, count) => new (vm.runInContext('Reader', page))(new Uint8Array(bytes)).column(count);
    same([...read(pack([1, 3, 0, 2], {base: 10, factor: 1024}), 4)].map(String), ['10240', '12288', 'NaN', '11264']);
    same([...read(pack([5, 4, 9], {isDelta: 1, divisor: 1000}), 3)], [0.004, 0.003, 0.008]);
    same([...read(pack([2 ** 50, 1], {width: 7}), 2)], [2 ** 50 - 1, 0]);
    same([...read(pack([], {width: 0}), 0)], []);
    assert.throws(() => read(pack([1, 2]).subarray(0, 27), 2), /end too early/);
});

/** Makes a line of single samples. */
function line(samples) {
    const [t, v] = [0, 1].map(i => Float64Array.from(samples, sample => sample[i])), gap = Float64Array.from(samples, sample => sample[2] || 0);
    return {count: samples.length, t, tLast: t, tMin: t, tMax: t, gap, first: v, last: v, min: v, max: v};
}

test('the sample nearest to a time is found, none in gaps', () => {
    const some = line([[0, 1], [10, 5], [40, 7, 1]]);
    assert.equal(page.sampleNear(some, 4, 5).value, 1);
    assert.equal(page.sampleNear(some, 6, 5).value, 5);
    assert.equal(page.sampleNear(some, 13, 5).value, 5);
    assert.equal(page.sampleNear(some, 25, 5), null);
    assert.equal(page.sampleNear(some, 36, 5).value, 7);
    assert.equal(page.sampleNear(some, 46, 5), null);
    assert.equal(page.sampleNear(line([]), 0, 5), null);
});

test('lines are resampled to columns as in the plot', () => {
    const grid = {nodes: 1, columns: 5, from: 0, to: 50, hi: new Float32Array(5).fill(NaN), lo: new Float32Array(5).fill(NaN)};
    page.resampleLine(line([[0, 0], [20, 20], [45, 3, 1]]), grid, 0, 1);
    same([...grid.hi].map(value => Number.isNaN(value) ? null : value), [10, 20, 20, null, 3]);
    same([...grid.lo].map(value => Number.isNaN(value) ? null : value), [0, 10, 20, null, 3]);
});

test('bands, ranks, rows and order', () => {
    const hi = Float32Array.from([1, 2, 3, NaN, 5, 6, 7, 8, 9, 10]);
    const grid = {nodes: 5, columns: 2, from: 0, to: 2, hi, lo: hi};
    const bands = page.makeBands(grid);
    same([...bands.count], [5, 4]);
    same([...bands.max], [9, 10]);
    same([...bands.min], [1, 2]);
    assert.ok(Math.abs(bands.median[0] - 5) < 0.01 && Math.abs(bands.low[0] - 3) < 0.01 && Math.abs(bands.high[0] - 7) < 0.01, String(bands.median));
    same(page.rankAt(grid, 2, 0, false), {rank: 3, of: 5});
    same(page.rankAt(grid, 2, 1, false), {rank: 3, of: 4});
    same(page.rankAt(grid, 2, 0, true), {rank: 3, of: 5});
    same(page.rankAt(grid, 0, 0, true), {rank: 1, of: 5});
    same([-1, 0, 0.9, 1.5, 2, 2.1].map(time => page.columnAt(grid, time)), [-1, 0, 0, 1, 1, -1]);
    same([0, 1, 2, 3].map(row => page.rowFirst(row, 3, 10)), [0, 3, 6, 10]);
    same(page.sortNodes([0, 1, 2, 3], Float64Array.from([2, NaN, 9, 2]), true), [2, 0, 3, 1]);
    same(page.sortNodes([0, 1, 2], Float64Array.from([2, NaN, 9]), false), [0, 2, 1]);
    same(page.sortNodes([0, 1, 2], ['n10', 'n2', 'N1'], false), [2, 1, 0]);
});

test('lows are what matters of available memory', () => {
    const used = {peak: Float64Array.from([7, 2]), total: Float64Array.from([10, 10]), lines: [line([[0, 1], [5, 7]]), line([[0, 2]])], columns: 0, low: null};
    const rest = {peak: Float64Array.from([9, 8]), total: Float64Array.from([10, 10]), lines: [], columns: 0, low: null};
    page.complement(rest, used);
    same([[...page.newsOf(used)], [...page.newsOf(rest)]], [[7, 2], [3, 8]]);
    const hi = Float32Array.from([NaN, 2, 9, 1, NaN, NaN, NaN, NaN]), grid = {nodes: 2, columns: 4, from: 0, to: 40, hi, lo: hi};
    same([page.highestAt(grid, 0), Number.isNaN(page.highestAt(grid, 1))], [25, true]);
});

test('colours show deviations if the nodes are similar, with a range that an outlier does not dominate', () => {
    const gridOf = values => {
        const hi = Float32Array.from(values.flat());
        return {nodes: values.length, columns: values[0].length, from: 0, to: 1, hi, lo: hi};
    };
    const range = (values, mode) => page.deviationRange(gridOf(values), page.makeBands(gridOf(values)), mode);
    const equal = Array.from({length: 40}, (_, node) => Array.from({length: 20}, () => 1000 + node % 5));
    equal[7] = equal[7].map((value, i) => i > 9 ? 1120 : value);
    const found = range(equal, 'auto');
    assert.ok(found > 55 && found < 65, String(found)); // half of the outlier's deviation of 118
    assert.equal(range(equal, 'value'), 0);
    const spread = Array.from({length: 40}, (_, node) => [100 * node, 100 * node]);
    assert.equal(range(spread, 'auto'), 0);
    assert.ok(range(spread, 'deviation') > 1500);
    assert.equal(range(equal.map(row => row.map(() => 1000)), 'auto'), 0); // no deviations
    assert.ok(Math.abs(range(equal.map(row => row.map(() => 1000)), 'deviation') - 1000) < 1);
    assert.equal(range(equal.slice(0, 7), 'auto'), 0); // too few nodes for a median
    const gap = equal.map((row, node) => row.map((value, i) => node === 3 && i < 5 ? NaN : value));
    assert.ok(range(gap, 'auto') > 50);
});

test('search and addresses', () => {
    same(page.findNodes(['nid01', 'NID12', 'gpu1'], 'nid1, GPU'), [1, 2]);
    same(page.findNodes(['a', 'b'], ' '), [0, 1]);
    const state = {find: 'a b&c=#%', empty: '', nodes: 'ä x'};
    same(page.readHash('#' + page.writeHash(state)), {find: 'a b&c=#%', nodes: 'ä x'});
    same(page.readHash('#a=%ZZ&b=1&__proto__=2&=3&c'), JSON.parse('{"b": "1", "__proto__": "2"}'));
});

test('foreign text becomes one line and cannot reorder the text next to it', () => {
    assert.equal(page.oneLine('a\tb\u2028c\u0000'), 'a b c ');
    assert.equal(page.shown('x\u202eabc'), 'x\ufffdabc');
    assert.equal(page.shown('nid-0123456789', 9), 'nid-…6789');
    assert.equal([...page.shown('😀'.repeat(100), 9)].length, 9);
    const meta = {cut: ['c-', '.d'], table: [{key: 'peak_bytes', kind: 'value'}, {key: 'used_means', kind: 'text', words: ['a\tb']}]};
    assert.equal(page.tableTsv(meta, {names: ['n\t1'], table: [[5], [0]]}, [0]), 'node\tpeak_bytes\tused_means\nc-n 1.d\t5\ta b\n');
});
