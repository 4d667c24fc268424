// Reads the payload of a page, which page.c writes, and computes values from it. Independent of the canvas and the document.
'use strict';

/** The samples of one quantity of a node in stretches of time, as in series.h: first and last sample, lowest and highest sample
 * and their times. If `gap[i]` is set, no line joins stretch i - 1 to stretch i.
 *
 * @typedef {{count: number, t: Float64Array, tLast: Float64Array, tMin: Float64Array, tMax: Float64Array, gap: Float64Array,
 *     first: Float64Array, last: Float64Array, min: Float64Array, max: Float64Array}} Line */
/** One quantity of all nodes: `lines` if the samples are exact, else `columns` of levels: 1 to 255 for values from 0 to the node's
 * peak, 0 without data. If `base` is set, the values are the nodes' totals minus those of the quantity with this number.
 * If `isLow` is set, low values matter rather than peaks: `low` are the nodes' minima, `lowAt` their times if they are stored.
 *
 * @typedef {{key: string, name: string, base: number, columns: number, isLow: boolean, peak: Float64Array, total: Float64Array, low: Float64Array | null, lowAt: Float64Array | null,
 *     lines: Line[], isDelta: boolean, hi: Uint8Array, lo: Uint8Array}} Quantity */
/** Lowest and highest value of each node in equal columns of time, a row of `columns` per node; NaN without data.
 *
 * @typedef {{nodes: number, columns: number, from: number, to: number, hi: Float32Array, lo: Float32Array}} Grid */
/** Another run: one line per node, or columns of the maximum and the median of its nodes.
 *
 * @typedef {{lines: Line[], max: Float64Array | null, median: Float64Array | null}} Run */
/** @typedef {{names: string[], table: Float64Array[], early: Float64Array, quantities: Quantity[], runs: Run[]}} Data */

const LEVELS = 254; // between 0 and a node's peak

/** Reads what page.c writes, in little-endian order. */
class Reader {
    /** @param {Uint8Array} bytes */
    constructor(bytes) {
        this.bytes = bytes;
        this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        this.at = 0;
    }

    /** @param {number} size */
    take(size) {
        if (this.at + size > this.bytes.length)
            throw new Error('the data of this page end too early');
        this.at += size;
        return this.bytes.subarray(this.at - size, this.at);
    }

    u32() {
        this.take(4);
        return this.view.getUint32(this.at - 4, true);
    }

    f64() {
        this.take(8);
        return this.view.getFloat64(this.at - 8, true);
    }

    /** @param {number} count of texts, a NUL after each */
    texts(count) {
        const all = new TextDecoder().decode(this.take(this.u32())).split('\0');
        if (all.length !== count + 1)
            throw new Error('the names of this page are damaged');
        return all.slice(0, count);
    }

    /** `count` numbers: (base + k - 1) * factor / divisor, k = 0 for an unknown one. k comes as zigzag numbers, byte by byte from
     * the lowest, with `isDelta` each less the one before.
     * @param {number} count */
    column(count) {
        const base = this.f64(), factor = this.f64(), divisor = this.f64();
        const [width, isDelta] = this.take(2);
        const planes = this.take(width * count), out = new Float64Array(count);
        for (let i = 0, k = 0; i < count; i++) {
            let zigzag = 0;
            for (let plane = width - 1; plane >= 0; plane--)
                zigzag = zigzag * 256 + planes[plane * count + i];
            const half = Math.floor(zigzag / 2), number = half * 2 === zigzag ? half : -half - 1;
            k = isDelta ? k + number : number;
            out[i] = k === 0 ? NaN : (base + k - 1) * factor / divisor;
        }
        return out;
    }
}

/** @param {Reader} reader
 * @returns {Line} */
function readLine(reader) {
    const count = reader.u32();
    const [t, tLast, tMin, tMax, gap, first, last, min, max] = Array.from({length: 9}, () => reader.column(count));
    for (let i = 0; i < count; i++) {
        tLast[i] += t[i];
        tMin[i] += t[i];
        tMax[i] += t[i];
        last[i] += first[i];
        min[i] = Math.min(first[i], last[i]) - min[i];
        max[i] += Math.max(first[i], last[i]);
    }
    return {count, t, tLast, tMin, tMax, gap, first, last, min, max};
}

/** Decodes the differences along each row: `hi` from level to level, `lo` below `hi`. Called only when a quantity is shown, because
 * it takes time.
 *
 * @param {Quantity} quantity */
function undoDeltas(quantity) {
    const {hi, lo, columns} = quantity;
    if (!quantity.isDelta)
        return;
    quantity.isDelta = false;
    for (let row = 0; row < hi.length; row += columns)
        for (let i = row, level = 0; i < row + columns; i++) {
            level = level + hi[i] & 255;
            hi[i] = level;
            lo[i] = level - lo[i];
        }
}

/** @param {Reader} reader
 * @param {any} meta @param {{key: string, name: string, base: number, columns: number, isLow: boolean}} about
 * @returns {Quantity} */
function readQuantity(reader, meta, about) {
    const count = meta.nodes;
    const isStored = about.isLow && about.base < 0;
    const quantity = Object.assign({peak: reader.column(count), total: reader.column(count), low: isStored ? reader.column(count) : null,
        lowAt: isStored ? reader.column(count) : null, lines: /** @type {Line[]} */ ([]),
        isDelta: false, hi: new Uint8Array(0), lo: new Uint8Array(0)}, about);
    if (about.base >= 0)
        return quantity;
    if (about.columns === 0) {
        for (let node = 0; node < count; node++)
            quantity.lines.push(readLine(reader));
    } else {
        quantity.hi = reader.take(count * about.columns).slice();
        quantity.lo = reader.take(count * about.columns).slice();
        quantity.isDelta = true;
    }
    return quantity;
}

/** @param {Uint8Array} bytes inflated
 * @param {any} meta @returns {Data} */
function readData(bytes, meta) {
    const reader = new Reader(bytes);
    const names = reader.texts(meta.nodes);
    const table = meta.table.map(() => reader.column(meta.nodes)), early = reader.column(meta.nodes);
    const quantities = meta.quantities.map((/** @type {any} */ about) => readQuantity(reader, meta, about));
    for (const quantity of quantities)
        if (quantity.base >= 0)
            complement(quantity, quantities[quantity.base]);
    const runs = meta.runs.map((/** @type {any} */ run) => ({lines: run.nodes.map(() => readLine(reader)),
        ...run.columns ? {max: reader.column(run.columns), median: reader.column(run.columns)} : {max: null, median: null}}));
    return {names, table, early, quantities, runs};
}

/** Computes a quantity that is the total minus another one, such as available memory.
 *
 * @param {Quantity} quantity @param {Quantity} base */
function complement(quantity, base) {
    const rest = (/** @type {Float64Array} */ values, /** @type {number} */ total) => values.map(value => total - value);
    quantity.columns = base.columns;
    quantity.low = quantity.total.map((total, node) => total - base.peak[node]);
    quantity.lines = base.lines.map((line, node) => {
        const total = quantity.total[node];
        return Object.assign({}, line, {tMin: line.tMax, tMax: line.tMin, first: rest(line.first, total),
            last: rest(line.last, total), min: rest(line.max, total), max: rest(line.min, total)});
    });
}

/** Returns what matters for each node: its peak, or its minimum if the quantity has minima.
 * @param {Quantity} quantity */
function newsOf(quantity) {
    return quantity.low || quantity.peak;
}

/** Returns the index of the last of the ascending `times` that is at most `time`, -1 if there is none.
 *
 * @param {Float64Array} times @param {number} time */
function lastBefore(times, time) {
    let low = 0, high = times.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (times[middle] <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

/** Returns the known sample of a line that is nearest to a time; null in gaps, and if the first or last sample is farther away than
 * `reach`.
 * @param {Line} line @param {number} time @param {number} reach seconds @returns {{t: number, value: number} | null} */
function sampleNear(line, time, reach) {
    const i = lastBefore(line.t, time), points = [];
    if (i >= 0) {
        if (line.min[i] === line.max[i] && time <= line.tLast[i])
            return {t: time, value: line.min[i]};
        points.push([line.t[i], line.first[i]], [line.tMin[i], line.min[i]], [line.tMax[i], line.max[i]], [line.tLast[i], line.last[i]]);
    }
    if (i + 1 < line.count)
        points.push([line.t[i + 1], line.first[i + 1]]);
    const isInside = i >= 0 && (time <= line.tLast[i] || (i + 1 < line.count && !line.gap[i + 1]));
    let best = null, distance = isInside ? Infinity : reach;
    for (const [t, value] of points) {
        if (Math.abs(t - time) <= distance && !(best && Math.abs(t - time) === distance)) {
            distance = Math.abs(t - time);
            best = {t, value};
        }
    }
    return best;
}

/** Extends the ranges of the columns that a straight line crosses, like resample_series of resample.c; `start` and `end` count columns.
 *
 * @param {Float32Array} hi @param {Float32Array} lo @param {number} row index of its first column @param {number} count
 * @param {number} start @param {number} end @param {number} a @param {number} b */
function passLine(hi, lo, row, count, start, end, a, b) {
    if (end < 0 || start > count)
        return;
    const first = Math.min(Math.max(Math.floor(start), 0), count - 1), last = Math.min(Math.max(Math.floor(end), 0), count - 1);
    const slope = end > start ? (b - a) / (end - start) : 0;
    for (let column = first; column <= last; column++) {
        const enter = first === last && start >= 0 && end <= count ? a : a + slope * (Math.max(column, start) - start);
        const leave = first === last && start >= 0 && end <= count ? b : a + slope * (Math.min(column + 1, end) - start);
        const high = Math.max(enter, leave), low = Math.min(enter, leave);
        if (!(hi[row + column] >= high))
            hi[row + column] = high;
        if (!(lo[row + column] <= low))
            lo[row + column] = low;
    }
}

/** Resamples a line into a row of a grid.
 * @param {Line} line @param {Grid} grid @param {number} node @param {number} factor */
function resampleLine(line, grid, node, factor) {
    const {hi, lo, columns, from, to} = grid, row = node * columns, scale = columns / (to - from);
    const pass = (/** @type {number} */ t0, /** @type {number} */ t1, /** @type {number} */ a, /** @type {number} */ b) =>
        passLine(hi, lo, row, columns, (t0 - from) * scale, (t1 - from) * scale, a * factor, b * factor);
    const begin = Math.max(lastBefore(line.t, from), 0);
    for (let i = begin; i < line.count && line.t[i] <= to; i++) {
        pass(line.t[i], line.tLast[i], line.first[i], line.last[i]);
        pass(line.tMin[i], line.tMin[i], line.min[i], line.min[i]);
        pass(line.tMax[i], line.tMax[i], line.max[i], line.max[i]);
        if (i + 1 < line.count && !line.gap[i + 1])
            pass(line.tLast[i], line.t[i + 1], line.last[i], line.first[i + 1]);
    }
}

/** Returns the factor that converts values of a node to percent of its total.
 * @param {Quantity} quantity @param {number} node */
function percentFactor(quantity, node) {
    return 100 / quantity.total[node];
}

/** Returns the grid of a quantity of all nodes. Lines are resampled to `columns` from `from` to `to`; columns remain as they are.
 *
 * @param {Data} data @param {number} number of the quantity @param {boolean} inPercent
 * @param {{from: number, to: number, columns: number, begin: number, end: number}} frame @returns {Grid} */
function makeGrid(data, number, inPercent, frame) {
    const quantity = data.quantities[number], nodes = data.names.length, isExact = quantity.columns === 0;
    const columns = isExact ? frame.columns : quantity.columns, size = nodes * columns;
    const half = (frame.end - frame.begin) / (columns - 1) / 2; // the first and last sample are in the middle of their columns
    const grid = {nodes, columns, from: isExact ? frame.from : frame.begin - half, to: isExact ? frame.to : frame.end + half,
        hi: new Float32Array(size), lo: new Float32Array(size)};
    const source = quantity.base >= 0 ? data.quantities[quantity.base] : quantity;
    undoDeltas(source);
    if (isExact) {
        grid.hi.fill(NaN);
        grid.lo.fill(NaN);
    }
    for (let node = 0; node < nodes; node++) {
        const factor = inPercent ? percentFactor(quantity, node) : 1;
        if (isExact)
            resampleLine(quantity.lines[node], grid, node, factor);
        else if (source === quantity)
            fillRow(grid, node, quantity, 0, quantity.peak[node] * factor / LEVELS);
        else
            fillRow(grid, node, source, quantity.total[node] * factor, -source.peak[node] * factor / LEVELS);
        if (!isExact && quantity.low && quantity.lowAt)
            putLow(grid, node, quantity.lowAt[node], quantity.low[node] * factor);
    }
    return grid;
}

/** Converts levels to values: offset + (level - 1) * step. A negative step swaps lowest and highest.
 *
 * @param {Grid} grid @param {number} node @param {Quantity} source @param {number} offset @param {number} step */
function fillRow(grid, node, source, offset, step) {
    const {hi, lo, columns} = grid, to = (node + 1) * columns;
    const high = step < 0 ? source.lo : source.hi, low = step < 0 ? source.hi : source.lo;
    for (let i = node * columns; i < to; i++) {
        hi[i] = high[i] ? offset + (high[i] - 1) * step : NaN;
        lo[i] = low[i] ? offset + (low[i] - 1) * step : NaN;
    }
}

/** The distribution of the nodes in each column: lowest and highest value, quartiles and median of the values in the middle of the
 * columns.
 *
 * @typedef {{count: Uint32Array, min: Float32Array, low: Float32Array, median: Float32Array, high: Float32Array,
 *     max: Float32Array}} Bands */
const BINS = 1024;

/** @param {Grid} grid
 * @returns {Bands} */
function makeBands(grid) {
    const {columns, hi, lo} = grid;
    let top = 0;
    for (let i = 0; i < hi.length; i++)
        top = hi[i] > top ? hi[i] : top;
    top = top || 1;
    const empty = () => new Float32Array(columns).fill(NaN);
    const bands = {count: new Uint32Array(columns), min: empty(), low: empty(), median: empty(), high: empty(), max: empty()};
    const bins = new Uint32Array(columns * BINS), factor = (BINS - 1) / top, half = factor / 2, {count, min, max} = bands;
    for (let i = 0, column = 0; i < hi.length; i++) {
        const high = hi[i], low = lo[i];
        if (high === high) {
            count[column]++;
            if (!(max[column] >= high))
                max[column] = high;
            if (!(min[column] <= low))
                min[column] = low;
            bins[column * BINS + (high + low) * half + 0.5 | 0]++;
        }
        column = column + 1 === columns ? 0 : column + 1;
    }
    for (let column = 0; column < columns; column++)
        [bands.low[column], bands.median[column], bands.high[column]] =
            percentiles(bins.subarray(column * BINS, (column + 1) * BINS), bands.count[column], [0.25, 0.5, 0.75]).map(bin => bin / factor);
    return bands;
}

const ALIKE_NODES = 8, ALIKE_SPREAD = 0.25, RANGE_LEAST = 0.005; // as heatmap.c decides

/** Returns what the colours of a heatmap show: 0 for the values themselves, else the distance from the median of all nodes to the ends
 * of the scale. `auto` chooses deviations if the nodes are similar and differ by more than noise.
 *
 * @param {Grid} grid @param {Bands} bands @param {string} mode */
function deviationRange(grid, bands, mode) {
    let spread = 0, sum = 0, columns = 0;
    for (let i = 0; i < grid.columns; i++)
        if (bands.count[i] >= ALIKE_NODES) {
            spread += bands.high[i] - bands.low[i];
            sum += bands.median[i];
            columns++;
        }
    const level = columns ? sum / columns : 0, isAlike = sum > 0 && spread <= ALIKE_SPREAD * sum;
    if (mode === 'value' || (mode === 'auto' && !isAlike))
        return 0;
    const range = findRange(grid, bands.median);
    return mode === 'auto' && range < RANGE_LEAST * level ? 0 : range || level || 1;
}

const RANGE_COLUMNS = 40; // at least this many columns are examined; all would take too long

/** Returns the deviation from the medians that 95 % of the nodes do not exceed in 95 % of the time, but at least half that of the
 * farthest node: neither spikes nor a single outlier leave the others without colour.
 * @param {Grid} grid @param {Float32Array} median */
function findRange(grid, median) {
    const {columns, nodes, hi, lo} = grid, far = new Float32Array(nodes), row = new Float32Array(columns);
    const step = Math.max(Math.floor(columns / RANGE_COLUMNS), 1);
    let known = 0;
    for (let node = 0; node < nodes; node++) {
        let count = 0;
        for (let i = 0, at = node * columns; i < columns; i += step, at += step) {
            const distance = Math.abs((hi[at] + lo[at]) / 2 - median[i]);
            if (distance === distance) {
                let k = count++;
                for (; k > 0 && row[k - 1] > distance; k--)
                    row[k] = row[k - 1];
                row[k] = distance;
            }
        }
        if (count)
            far[known++] = row[Math.ceil(0.95 * count) - 1];
    }
    const sorted = far.subarray(0, known).sort();
    return known ? Math.max(sorted[Math.ceil(0.95 * known) - 1], sorted[known - 1] / 2) : 0;
}

/** Returns the bins that these shares of `count` values do not exceed.
 * @param {Uint32Array} bins @param {number} count @param {number[]} shares */
function percentiles(bins, count, shares) {
    let bin = 0, passed = bins[0];
    return shares.map(share => {
        if (count === 0)
            return NaN;
        const wanted = share * (count - 1);
        while (passed <= wanted && bin + 1 < bins.length)
            passed += bins[++bin];
        return bin;
    });
}

/** Returns the column of a time, -1 outside.
 * @param {Grid} grid @param {number} time */
function columnAt(grid, time) {
    const column = Math.floor((time - grid.from) / (grid.to - grid.from) * grid.columns);
    return time === grid.to ? grid.columns - 1 : column >= 0 && column < grid.columns ? column : -1;
}

/** Adds the exact minimum of a node to the grid; levels are only exact for peaks.
 * @param {Grid} grid @param {number} node
 * @param {number} time @param {number} low */
function putLow(grid, node, time, low) {
    const column = columnAt(grid, time), i = node * grid.columns + column;
    if (column < 0)
        return;
    if (grid.hi[i] === grid.lo[i])
        grid.hi[i] = low;
    grid.lo[i] = low;
}

/** Returns the rank of a node in a column (1 plus the number of higher nodes, or of lower ones if low values matter), and how many
 * nodes have data.
 * @param {Grid} grid @param {number} node
 * @param {number} column @param {boolean} isLow @returns {{rank: number, of: number}} */
function rankAt(grid, node, column, isLow) {
    const values = isLow ? grid.lo : grid.hi, own = values[node * grid.columns + column];
    let rank = 1, of = 0;
    for (let i = column; i < values.length; i += grid.columns) {
        if (isLow ? values[i] < own : values[i] > own)
            rank++;
        if (values[i] === values[i])
            of++;
    }
    return {rank, of};
}

/** Returns the middle of the column with a node's highest value, NaN without values.
 * @param {Grid} grid @param {number} node */
function highestAt(grid, node) {
    const {hi, columns, from, to} = grid;
    let best = -1;
    for (let i = node * columns; i < (node + 1) * columns; i++)
        if (best < 0 ? hi[i] === hi[i] : hi[i] > hi[best])
            best = i;
    return best < 0 ? NaN : from + (best - node * columns + 0.5) / columns * (to - from);
}

/** Returns the first node of a row of the heatmap: row r shows the nodes order[rowFirst(r)] up to order[rowFirst(r + 1)].
 *
 * @param {number} row @param {number} rows @param {number} count */
function rowFirst(row, rows, count) {
    return Math.floor(row * count / rows);
}

/** Sorts the numbers of nodes. Unknown values come last; equal values keep their order.
 *
 * @param {number[]} nodes @param {Float64Array | string[]} keys @param {boolean} isDescending */
function sortNodes(nodes, keys, isDescending) {
    const sign = isDescending ? -1 : 1, collator = new Intl.Collator('en', {numeric: true});
    if (typeof keys[0] === 'string') {
        const rank = new Map(nodes.slice().sort((a, b) => collator.compare(/** @type {string} */ (keys[a]),
            /** @type {string} */ (keys[b]))).map((node, place) => [node, place]));
        return nodes.slice().sort((a, b) => sign * (/** @type {number} */ (rank.get(a)) - /** @type {number} */ (rank.get(b))));
    }
    const numbers = /** @type {Float64Array} */ (keys);
    return nodes.slice().sort((a, b) => {
        if (Number.isNaN(numbers[a]) || Number.isNaN(numbers[b]))
            return Number(Number.isNaN(numbers[a])) - Number(Number.isNaN(numbers[b])) || a - b;
        return sign * (numbers[a] - numbers[b]) || a - b;
    });
}

/** Returns the numbers of the nodes whose names contain one of the words, or all nodes without words.
 * @param {string[]} names @param {string} search */
function findNodes(names, search) {
    const words = search.toLowerCase().split(/[\s,]+/).filter(word => word);
    const found = [];
    for (let node = 0; node < names.length; node++) {
        const name = names[node].toLowerCase();
        if (words.length === 0 || words.some(word => name.includes(word)))
            found.push(node);
    }
    return found;
}

/** Returns the state of the view as a fragment of an address.
 * @param {Record<string, string>} state */
function writeHash(state) {
    return Object.keys(state).filter(key => state[key] !== '').map(key => key + '=' + encodeURIComponent(state[key])).join('&');
}

/** @param {string} hash
 * @returns {Record<string, string>} */
function readHash(hash) {
    /** @type {Record<string, string>} */
    const state = Object.create(null);
    for (const part of hash.replace(/^#/, '').split('&')) {
        const at = part.indexOf('=');
        try {
            if (at > 0)
                state[part.slice(0, at)] = decodeURIComponent(part.slice(at + 1));
        } catch (error) { /* a truncated address: the rest still counts */ }
    }
    return state;
}

/** Returns the table as tab-separated values with the keys of `--stats=tsv`.
 * @param {any} meta @param {Data} data @param {number[]} nodes */
function tableTsv(meta, data, nodes) {
    const lines = [['node', ...meta.table.map((/** @type {any} */ column) => column.key)].join('\t')];
    for (const node of nodes) {
        const cells = meta.table.map((/** @type {any} */ column, /** @type {number} */ i) => cellData(data.table[i][node], column));
        lines.push([oneLine(meta.cut[0] + data.names[node] + meta.cut[1]), ...cells].join('\t'));
    }
    return lines.join('\n') + '\n';
}

/** @param {number} value
 * @param {any} column */
function cellData(value, column) {
    if (Number.isNaN(value))
        return '';
    return column.kind === 'text' ? oneLine(column.words[value]) : String(value);
}
