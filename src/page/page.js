// The page: its state, user input, and output. Text from logs only goes into text nodes and onto canvases.
'use strict';

/** The state kept in the address. Times are seconds of the plot; `rows` is a range of the heatmap's order.
 *
 * @typedef {{quantity: number, percent: boolean, total: boolean, limit: boolean, clock: boolean, sort: string, isDescending: boolean, heat: string,
 *     from: number, to: number, rows: [number, number] | null, search: string, selected: number[], theme: string}} State */

const LINES_MAX = 12, FOCUS_MAX = 12, FOCUS_PX = 16, ROW_PX = 24, NEAR_PX = 24, TIP_ROWS = 10;
const RUN_DASHES = [[], [6, 4], [1.5, 3], [9, 2.5], [9, 2.5, 2, 2.5]]; // as in draw.c
// The area common to A4 and Letter in landscape: the width, and the height that remains under a title, facts and a legend of several
// lines.
const PRINT_PX = 1000, PRINT_HEIGHT_PX = 480, PRINT_FOCUS_MAX = 6;
const $ = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));

/** Makes an element with a class and children; texts become text nodes.
 * @param {string} name @param {string} [style]
 * @param {...(Node | string)} children */
function make(name, style, ...children) {
    const element = document.createElement(name);
    if (style)
        element.className = style;
    element.append(...children);
    return element;
}

/** Interpolates 65 colours in hexadecimal digits to 256. The first colour of the result, for missing data, is transparent.
 *
 * @param {string} digits */
function heatTable(digits) {
    const colour = (/** @type {string} */ hex) => [0, 2, 4].map(i => parseInt(hex.slice(i, i + 2), 16));
    const pack = (/** @type {number[]} */ rgb) => (255 << 24 | rgb[2] << 16 | rgb[1] << 8 | rgb[0]) >>> 0;
    const stops = (digits.match(/.{6}/g) || []).map(colour), table = new Uint32Array(257);
    for (let i = 0; i < 256; i++) {
        const place = i / 255 * (stops.length - 1), low = Math.min(Math.floor(place), stops.length - 2);
        table[i + 1] = pack(stops[low].map((value, k) => Math.round(value + (stops[low + 1][k] - value) * (place - low))));
    }
    return table;
}

class Page {
    /** @param {any} meta
     * @param {Data} data */
    constructor(meta, data) {
        this.meta = meta;
        this.data = data;
        this.byName = new Map(data.names.map((name, node) => [name, node]));
        this.shownNames = data.names.map(name => shown(name));
        this.wholeNames = data.names.map(name => meta.cut[0] + name + meta.cut[1]);
        /** Columns of the table with any known value.
         * @type {number[]} */
        this.columns = [...meta.table.keys()].filter(i => data.table[i].some(value => !Number.isNaN(value)));
        this.early = new Set([...data.early.keys()].filter(node => data.early[node] === 1));
        /** @type {State} */
        this.state = this.firstState();
        /** @type {{t: number, node: number} | null} */
        this.cursor = null;
        /** @type {{x: number, y: number, x1: number, y1: number} | null} */
        this.drag = null;
        this.active = -1;
        /** @type {Map<string, {grid: Grid, bands: Bands | null, ranges: Map<string, number>}>} */
        this.cache = new Map();
        this.ratio = 1;
        this.frame = 0;
        // resize, layOut and fill set these before anything is shown.
        this.width = this.height = this.tableHeight = this.peakColumn = 0;
        this.range = 0;
        this.isNarrow = this.isPrinting = false;
        /** @type {Rect} */
        this.plot = {x: 0, y: 0, width: 0, height: 0};
        this.heat = this.focusRect = this.plot;
        /** @type {number[]} */
        this.focus = [];
        /** @type {Scene} */
        this.current = /** @type {any} */ (null);
        /** The rows of the table after the last fill.
         * @type {number[]} */
        this.tableOrder = [];
        this.tableKey = '';
        this.tableFirst = -1;
        /** The chosen finding.
         * @type {HTMLElement | null} */
        this.pressed = null;
        /** @type {number | undefined} */
        this.pointerY = undefined;
        /** @type {Map<string, {key: string, value: any}>} */
        this.kept = new Map();
        /** The reason why the plot names a node.
         * @type {Map<number, string>} */
        this.reasons = new Map(meta.named.map((/** @type {any} */ named) => [named.node, named.reason]));
        this.longest = this.shownNames.reduce((most, name) => Math.max(most, Math.min(name.length, 28)), 0);
        this.readHash();
        this.fill();
        this.listen();
        this.resize();
    }

    /** @returns {State} */
    firstState() {
        const {meta} = this;
        return {quantity: 0, percent: false, total: meta.show_total, limit: true, clock: meta.show_clock, sort: 'peak', isDescending: true, heat: meta.heat_mode,
            from: meta.begin_s, to: meta.end_s, rows: null, search: '', selected: [], theme: ''};
    }

    // ---- the state and the address ----

    readHash() {
        const {meta} = this, state = this.firstState(), hash = readHash(location.hash);
        const number = (/** @type {string} */ key, /** @type {number} */ otherwise) =>
            key in hash && Number.isFinite(Number(hash[key])) ? Number(hash[key]) : otherwise;
        state.quantity = Math.max(meta.quantities.findIndex((/** @type {any} */ quantity) => quantity.key === hash.show), 0);
        state.percent = hash.in === 'percent';
        for (const key of /** @type {('total' | 'limit' | 'clock')[]} */ (['total', 'limit', 'clock']))
            state[key] = key in hash ? hash[key] === '1' : state[key];
        const sort = (hash.sort || '').replace(/^-/, '');
        if (this.sortKeys().includes(sort)) {
            state.sort = sort;
            state.isDescending = hash.sort[0] === '-';
        }
        state.from = Math.min(Math.max(number('from', meta.begin_s), meta.begin_s), meta.end_s);
        state.to = Math.min(Math.max(number('to', meta.end_s), state.from), meta.end_s);
        if (state.to <= state.from)
            [state.from, state.to] = [meta.begin_s, meta.end_s];
        const rows = (hash.rows || '').split('-').map(Number);
        if (rows.length === 2 && rows[0] >= 0 && rows[1] > rows[0])
            state.rows = [rows[0], rows[1]];
        state.heat = ['auto', 'value', 'deviation'].includes(hash.heat) ? hash.heat : meta.heat_mode;
        state.search = hash.find || '';
        const nodes = (hash.nodes || '').split(' ').map(name => this.byName.get(readHash('n=' + name).n || ''));
        state.selected = /** @type {number[]} */ (nodes.filter(node => node !== undefined));
        state.theme = hash.theme === 'dark' || hash.theme === 'light' ? hash.theme : '';
        this.state = state;
    }

    sortKeys() {
        return ['peak', 'node', 'findings', ...this.meta.table.map((/** @type {any} */ column) => column.key)];
    }

    writeHash() {
        const {state, meta} = this, first = this.firstState();
        const flag = (/** @type {'total' | 'limit' | 'clock'} */ key) => state[key] === first[key] ? '' : state[key] ? '1' : '0';
        const isZoomed = this.isZoomed();
        const hash = writeHash({
            show: state.quantity ? meta.quantities[state.quantity].key : '', in: state.percent ? 'percent' : '',
            total: flag('total'), limit: flag('limit'), clock: flag('clock'),
            sort: state.sort === first.sort && state.isDescending ? '' : (state.isDescending ? '-' : '') + state.sort,
            from: isZoomed ? String(Number(state.from.toFixed(3))) : '', to: isZoomed ? String(Number(state.to.toFixed(3))) : '',
            rows: state.rows ? state.rows.join('-') : '', find: state.search,
            heat: state.heat === first.heat ? '' : state.heat,
            nodes: state.selected.map(node => encodeURIComponent(this.data.names[node])).join(' '), theme: state.theme});
        if (hash !== location.hash.slice(1))
            history.replaceState(history.state, '', hash ? '#' + hash : location.pathname + location.search);
    }

    isZoomed() {
        return this.state.from > this.meta.begin_s || this.state.to < this.meta.end_s;
    }

    /** Changes the state, the address and the view.
     * @param {Partial<State>} change */
    set(change) {
        Object.assign(this.state, change);
        if ('search' in change || 'sort' in change || 'isDescending' in change)
            this.state.rows = null;
        this.writeHash();
        this.show();
    }

    reset() {
        this.cursor = null;
        this.set({from: this.meta.begin_s, to: this.meta.end_s, rows: null});
    }

    // ---- values derived from the state ----

    quantity() {
        return this.data.quantities[this.state.quantity];
    }

    /** Returns true if values of the current quantity can be shown in percent of a total. */
    hasPercent() {
        return this.keep('hasPercent', String(this.state.quantity), () => !this.meta.percent && this.quantity().total.every(total => total > 0));
    }

    inPercent() {
        return this.state.percent && this.hasPercent();
    }

    unit() {
        if (this.inPercent() || this.meta.percent)
            return {name: '%', size: 1};
        return this.state.quantity === 0 ? this.meta.unit : this.meta.unit_is_chosen ? this.meta.unit : unitFor(this.top());
    }

    /** Returns a value of a node in units of the axis.
     * @param {number} node @param {number} value */
    scaled(node, value) {
        return this.inPercent() ? value * percentFactor(this.quantity(), node) : value;
    }

    /** Returns the cached result of `make` if the key is the same as last time.
     * @template T
     * @param {string} name @param {string} key @param {() => T} make
     * @returns {T} */
    keep(name, key, make) {
        let kept = this.kept.get(name);
        if (!kept || kept.key !== key) {
            kept = {key, value: make()};
            this.kept.set(name, kept);
        }
        return kept.value;
    }

    /** Returns the highest peak of the current quantity. */
    top() {
        return this.keep('top', [this.state.quantity, this.inPercent()].join(), () => this.findTop());
    }

    findTop() {
        const {peak} = this.quantity();
        let top = 0;
        for (let node = 0; node < peak.length; node++)
            top = Math.max(top, this.scaled(node, peak[node]) || 0);
        return top;
    }

    /** Returns the total of all nodes, NaN if totals differ by more than 1 %. */
    commonTotal() {
        return this.keep('commonTotal', [this.state.quantity, this.inPercent()].join(), () => this.findCommonTotal());
    }

    findCommonTotal() {
        const totals = this.quantity().total;
        if (this.inPercent() || this.meta.percent)
            return 100;
        let least = Infinity, most = 0;
        for (const total of totals)
            if (total > 0)
                [least, most] = [Math.min(least, total), Math.max(most, total)];
        return most > 0 && least >= 0.99 * most ? most : NaN;
    }

    limitValue() {
        const {meta} = this;
        if (meta.limit === null || this.state.quantity !== 0)
            return NaN;
        return this.inPercent() ? 100 * meta.limit.value / this.commonTotalBytes() : meta.limit.value;
    }

    commonTotalBytes() {
        const totals = this.quantity().total;
        return totals.every(total => Math.abs(total - totals[0]) <= 0.01 * totals[0]) ? totals[0] : NaN;
    }

    /** @param {any} column */
    isColumn(column) {
        return column.key === this.state.sort;
    }

    /** Returns the matching nodes in the current order. */
    order() {
        const {state} = this;
        return this.keep('order', JSON.stringify([state.search, state.sort, state.isDescending, state.quantity, this.inPercent()]), () => this.findOrder());
    }

    findOrder() {
        const {state, data, meta} = this, found = findNodes(this.wholeNames, state.search);
        const column = meta.table.findIndex((/** @type {any} */ other) => other.key === state.sort);
        if (state.sort === 'findings') {
            const rank = Float64Array.from(data.names, (_, node) => data.names.length + node);
            this.findingNodes().forEach((node, place) => {
                rank[node] = place;
            });
            return sortNodes(found, rank, state.isDescending);
        }
        const sign = this.isLowFirst() ? -1 : 1;
        const keys = state.sort === 'node' ? data.names : column >= 0 ? data.table[column]
            : newsOf(this.quantity()).map((value, node) => sign * this.scaled(node, value));
        return sortNodes(found, keys, state.isDescending);
    }

    /** Returns true if low values matter, as for available memory; the lowest nodes come first then. */
    isLowFirst() {
        return this.quantity().isLow;
    }

    /** Returns the nodes that findings name, the most serious first.
     * @returns {number[]} */
    findingNodes() {
        const nodes = this.meta.findings.flatMap((/** @type {any} */ finding) => finding.nodes.map((/** @type {string} */ name) => this.byName.get(name)));
        return [...new Set(nodes)].filter(node => node !== undefined);
    }

    /** Returns the number of columns of the plot for exact lines. */
    gridAndBands() {
        const {state, meta, data} = this, isExact = this.quantity().columns === 0;
        const columns = Math.max(Math.round(this.plot.width * Math.min(this.ratio, 2)), 2);
        const key = [state.quantity, this.inPercent(), ...isExact ? [state.from, state.to, columns] : []].join();
        let found = this.cache.get(key);
        if (!found) {
            const grid = makeGrid(data, state.quantity, this.inPercent(),
                {from: state.from, to: state.to > state.from ? state.to : state.from + 1, columns, begin: meta.begin_s, end: Math.max(meta.end_s, meta.begin_s + 1)});
            found = {grid, bands: meta.nodes >= ALIKE_NODES ? makeBands(grid) : null, ranges: new Map()};
            if (this.cache.size > 3)
                this.cache.clear();
            this.cache.set(key, found);
        }
        return found;
    }

    /** Returns the range of deviations that the heatmap's colours show, 0 if they show values.
     * @param {{grid: Grid, bands: Bands | null, ranges: Map<string, number>}} found */
    heatRange({grid, bands, ranges}) {
        const mode = this.state.heat;
        let range = ranges.get(mode);
        if (range === undefined)
            ranges.set(mode, range = bands && this.heat.height ? deviationRange(grid, bands, mode) : 0);
        return range;
    }

    /** Returns the other runs to draw; they have only the quantity that was compared.
     * @returns {ShownRun[]} */
    runsShown() {
        const {meta, data} = this, theme = this.palette(), isColoured = meta.runs_are_lines, size = this.unit().size, top = this.top() / size;
        const isOnBands = meta.nodes > LINES_MAX;
        return this.state.quantity !== 0 ? [] : meta.runs.map((/** @type {any} */ run, /** @type {number} */ i) => {
            const factorOf = (/** @type {number} */ total) => this.inPercent() ? 100 / total : 1, {lines, max, median} = data.runs[i];
            const own = isColoured ? theme.node[(1 + i) % theme.node.length] : meta.nodes === 1 ? theme.node[0] : theme.total;
            const strokes = run.columns ? [max, median].map((columns, k) => ({style: theme.median, isPale: false, factor: factorOf(run.total), line: null, columns, same: -1,
                label: k ? 'median' : 'highest'})) : lines.map((line, k) => {
                const {same, name, total} = run.nodes[k], style = isColoured || same < 0 ? own : theme.node[meta.colours[same] % theme.node.length];
                return {style, isPale: !isColoured, factor: factorOf(total), line, columns: null, same, label: shown(name)};
            });
            return {name: shown(run.name), strokes, style: run.columns ? theme.median : own, isPale: !isColoured && !run.columns,
                dash: RUN_DASHES[isColoured ? (1 + i >= theme.node.length ? 3 : 0) : isOnBands || run.columns ? 1 + i % (RUN_DASHES.length - 1) : i % RUN_DASHES.length],
                news: fixed(run.news * factorOf(run.total) / size, columnDecimals(Math.max(top, run.news * factorOf(run.total) / size)))};
        });
    }

    /** Returns the values of the other runs at a time as lines of the tip: those of the same node, or their maximum.
     * @param {{t: number, node: number}} cursor */
    runLines(cursor) {
        const {begin, end, runs} = this.current;
        return runs.flatMap(run => {
            const values = run.strokes.map(({line, columns, factor}) => {
                const sample = line ? sampleNear(line, cursor.t, (this.meta.interval_s || 0) * 1.5) : null;
                const i = columns ? Math.floor((cursor.t - begin) / (end - begin) * columns.length) : 0;
                return (sample ? sample.value : columns ? columns[Math.min(i, columns.length - 1)] : NaN) * factor;
            });
            const same = run.strokes.findIndex(stroke => stroke.same >= 0 && stroke.same === cursor.node);
            const best = same >= 0 ? same : values.reduce((most, value, i) => value > values[most] || Number.isNaN(values[most]) ? i : most, 0);
            const shownOnes = run.strokes[best] && run.strokes[best].columns ? [0, 1] : run.strokes.length ? [best] : [];
            return shownOnes.map(i => ({kind: '', text: `${run.name}: ${run.strokes[i].label}`, style: run.strokes[i].style,
                value: Number.isNaN(values[i]) ? 'no data' : this.valueText({lo: values[i], hi: values[i]})}));
        });
    }

    /** Returns the maximum of other runs from state.from to state.to, in the unit of the axis. */
    runsTop() {
        const {from, to} = this.state, {begin_s, end_s, runs} = this.meta;
        let top = 0;
        this.runsShown().forEach((run, k) => run.strokes.forEach(({line, columns, factor}) => {
            const width = columns ? (end_s - begin_s) / columns.length : 0;
            if (!this.isZoomed())
                top = Math.max(top, runs[k].peak * factor || 0);
            else if (line)
                line.max.forEach((value, i) => top = line.tLast[i] >= from && line.t[i] <= to ? Math.max(top, value * factor) : top);
            else if (columns)
                columns.forEach((value, i) => top = begin_s + (i + 1) * width >= from && begin_s + i * width <= to && value * factor > top ? value * factor : top);
        }));
        return top;
    }

    /** Returns the coloured nodes and their colours: all nodes if they are few; otherwise the notable nodes, then the selected ones. */
    colours() {
        const {meta, state} = this, colours = this.palette().node, colourOf = new Map();
        if (meta.nodes <= LINES_MAX)
            meta.colours.forEach((/** @type {number} */ colour, /** @type {number} */ node) => colourOf.set(node, colours[colour % colours.length]));
        else
            for (const node of [...meta.named.map((/** @type {any} */ named) => named.node), ...state.selected])
                if (!colourOf.has(node))
                    colourOf.set(node, colours[colourOf.size % colours.length]);
        return colourOf;
    }

    palette() {
        return this.meta.themes[this.themeName()];
    }

    themeName() {
        if (this.isPrinting)
            return 'light';
        return this.state.theme || this.meta.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    }

    /** Places the plot and the heatmap in the available width. */
    layOut() {
        const width = Math.max(this.width, 240), isNarrow = width < 640, count = this.meta.nodes;
        const longest = Math.min(this.longest, 24);
        const left = Math.ceil(Math.min(Math.max(longest * 7 + 16, 48), isNarrow ? width * 0.24 : width * 0.14 + 16));
        const right = isNarrow ? 14 : this.bandsWidth(), plotHeight = this.isPrinting ? 180 : isNarrow ? 220 : 280;
        let heatHeight = count === 1 ? 0 : Math.min(Math.max(count * (count <= 40 ? 18 : 8), 36), isNarrow ? 300 : 380);
        this.plot = {x: left, y: 34, width: Math.max(width - left - right, 60), height: plotHeight};
        const isDense = heatHeight > 0 && count * 8 > heatHeight;
        this.focus = isDense ? [...this.colours().keys()].slice(0, this.isPrinting ? PRINT_FOCUS_MAX : FOCUS_MAX) : [];
        const above = this.focus.length && this.range > 0 ? 22 : 12; // these rows have different colours
        if (this.isPrinting)
            heatHeight = Math.min(heatHeight, PRINT_HEIGHT_PX - 64 - plotHeight - above - 46 - this.focus.length * FOCUS_PX);
        this.focusRect = {x: left, y: 34 + plotHeight + above, width: this.plot.width, height: this.focus.length * FOCUS_PX};
        this.heat = {x: left, y: 64 + plotHeight + above + (this.focus.length ? this.focusRect.height - 2 : 0), width: this.plot.width, height: heatHeight};
        this.height = (heatHeight ? this.heat.y + heatHeight : 34 + plotHeight) + 46;
        this.isNarrow = isNarrow;
    }

    /** Returns the width of the texts to the right of the plot. */
    bandsWidth() {
        const reasons = [...this.reasons.values()].map(text => text.split(' · ')[0].length * 6.8 + 26);
        return Math.max(Math.min(this.longest, 16) * 8.5 + 56, 130, Math.min(Math.max(...reasons, 0), this.width * 0.2));
    }

    /** @returns {Scene} */
    scene() {
        const {state, meta, data, range} = this, {grid, bands} = this.gridAndBands(), unit = this.unit(), theme = this.palette();
        const order = this.rowsShown(), colourOf = this.colours(), lines = this.linesShown(colourOf), levels = this.levels();
        const isOverview = meta.nodes > LINES_MAX, shownBands = isOverview ? bands : null;
        const visible = Math.max(this.isZoomed() ? this.visibleTop(grid, shownBands, lines) : this.top(), this.runsTop());
        const max = Math.max(visible, ...levels.map(level => level.text === 'median' ? 0 : level.value)) / unit.size * 1.06;
        const ticksMax = this.plot.height / 26, heatTicks = this.heat.height / 26, isPercent = unit.name === '%';
        const binary = !isPercent && Math.log2(unit.size) % 10 === 0, heatTop = this.heatTop() / unit.size;
        const values = isPercent ? scalePercent(heatTop, heatTicks) : scaleMemory(heatTop, heatTicks, binary), focusTop = range ? heatTop : values.max;
        const timeWish = Math.max(this.plot.width / 115, 2);
        const clock = state.clock && meta.clock;
        const valueColours = this.keep('heat', '', () => heatTable(meta.heat));
        return {theme, valueColours, heatColours: range ? this.keep('deviation', '', () => heatTable(meta.deviation)) : valueColours, range, runs: this.runsShown(),
            begin: meta.begin_s, end: Math.max(meta.end_s, meta.begin_s + 1), focusTop, focusCaption: range ? formatSize(heatTop * unit.size, unit) : '', data, quantity: this.quantity(), inPercent: this.inPercent(), grid, bands, isOverview,
            order, from: state.from, to: state.to > state.from ? state.to : state.from + 1, unit, levels, lines, colourOf, plot: this.plot, heat: this.heat,
            time: clock ? scaleClock(state.from, state.to, timeWish, clock) : scaleTime(state.from, state.to, timeWish),
            value: isPercent && !this.isZoomed() ? scalePercent(max, ticksMax) : scaleMemory(max, ticksMax, binary),
            heatValue: range ? scaleDeviation(range / unit.size, heatTicks, binary) : values, reasons: this.reasons,
            width: this.width, height: this.height, isNarrow: this.isNarrow, events: meta.events, early: this.early,
            peak: this.peakShown(lines, unit), heatCaption: this.heatCaption(order), plotCaption: this.plotCaption(shownBands), ratio: this.ratio,
            columnSpan: (grid.to - grid.from) / grid.columns, focus: this.focus, focusRect: this.focusRect};
    }

    /** Returns true if logs that end early come last: if nodes share rows, others would hide their ends.
     * @param {number[]} order */
    endsLast(order) {
        const {state} = this;
        return state.sort === 'peak' && state.isDescending && this.early.size > 0 && order.length > Math.round(this.heat.height * this.ratio);
    }

    rowsShown() {
        const {rows} = this.state, all = this.order(), order = this.endsLast(all) ? this.keep('ends last', all.join(), () => all.filter(node => !this.early.has(node))
            .concat(all.filter(node => this.early.has(node)))) : all;
        return rows ? order.slice(rows[0], Math.max(rows[1], rows[0] + 1)) : order;
    }

    /** Returns a node's peak, or its minimum if low values matter, in the unit of the axis, with the same number of decimals for all nodes.
     * @param {number} node */
    newsText(node) {
        const size = this.unit().size, value = this.scaled(node, newsOf(this.quantity())[node]) / size;
        return Number.isNaN(value) ? UNKNOWN : fixed(value, columnDecimals(this.top() / size));
    }

    /** @param {Map<number, string>} colourOf
     * @returns {Shown[]} */
    linesShown(colourOf) {
        const {state} = this, isFew = this.meta.nodes <= LINES_MAX;
        const value = (/** @type {number} */ node) => this.newsText(node);
        const lines = [...colourOf].map(([node, style]) => ({node, style, label: `${shown(this.data.names[node], 20)} ${value(node)}` +
            (this.early.has(node) ? ' ×' : ''), isWeak: isFew && state.selected.length > 0 && !state.selected.includes(node)}));
        return lines.sort((a, b) => Number(b.isWeak) - Number(a.isWeak) ||
            Number(state.selected.includes(a.node)) - Number(state.selected.includes(b.node)));
    }

    /** Returns the horizontal lines of total and limit. */
    levels() {
        const {state} = this, theme = this.palette(), levels = [], total = this.commonTotal(), limit = this.limitValue();
        if (state.total && total === total)
            levels.push({value: total, text: `total ${formatSize(total, this.unit())}`, style: theme.total, isDashed: true, isFloor: false});
        if (state.limit && limit === limit)
            levels.push({value: limit, text: (this.inPercent() ? `limit ${formatSize(limit, this.unit())}` : this.meta.limit.text) + this.countBeyond(limit),
                style: theme.limit, isDashed: false, isFloor: this.isLowFirst()});
        return levels;
    }

    /** Returns " · 3 above": the number of nodes above the limit, or below it if low values matter.
     * @param {number} limit */
    countBeyond(limit) {
        const sign = this.isLowFirst() ? -1 : 1;
        const count = newsOf(this.quantity()).filter((value, node) => sign * this.scaled(node, value) > sign * limit).length;
        return count && this.meta.nodes > 1 ? ` \u00b7 ${count} ${this.isLowFirst() ? 'below' : 'above'}` : '';
    }

    /** Returns the highest value between state.from and state.to.
     * @param {Grid} grid @param {Bands | null} bands @param {Shown[]} lines */
    visibleTop(grid, bands, lines) {
        const span = (grid.to - grid.from) / grid.columns;
        const begin = Math.max(Math.floor((this.state.from - grid.from) / span), 0), end = Math.min(Math.ceil((this.state.to - grid.from) / span), grid.columns);
        let top = 0;
        for (let column = begin; column < end; column++) {
            if (bands && bands.max[column] > top)
                top = bands.max[column];
            for (const {node} of lines)
                if (grid.hi[node * grid.columns + column] > top)
                    top = grid.hi[node * grid.columns + column];
        }
        return top || this.top();
    }

    /** Returns the value of the heatmap's last colour: the total if nodes share it and it is not far above the peak. */
    heatTop() {
        const peak = this.top(), total = this.commonTotal();
        return (total >= peak && total <= 4 * peak ? total : peak) || 1;
    }

    /** Returns the time of each node's peak or minimum, null if the page does not know. */
    newsTimes() {
        const {quantities, table} = this.data, quantity = this.quantity(), isFirst = quantity === quantities[0] || quantity.base === 0;
        const at = this.meta.table.findIndex((/** @type {any} */ column) => column.key === 'peak_at_s');
        return quantity.lowAt || (isFirst && at >= 0 ? table[at] : null);
    }

    /** @param {Shown[]} lines
     * @param {{name: string, size: number}} unit */
    peakShown(lines, unit) {
        const times = this.newsTimes();
        if (this.meta.nodes > LINES_MAX || !times)
            return null;
        const sign = this.isLowFirst() ? -1 : 1, values = newsOf(this.quantity()).map((value, node) => this.scaled(node, value));
        const node = values.reduce((best, value, i) => !(sign * values[best] >= sign * value) ? i : best, 0), line = lines.find(other => other.node === node);
        const t = times[node];
        return line && !line.isWeak ? {t, value: values[node], text: `${formatSize(values[node], unit)} at ${this.timeText(t)}`, style: line.style} : null;
    }

    /** @param {Bands | null} bands */
    plotCaption(bands) {
        const words = this.meta.quantities[this.state.quantity].name;
        const {runs, runs_are_lines: areLines, nodes} = this.meta, names = runs.map((/** @type {any} */ run) => shown(run.name, 30)).join(', ');
        const other = this.isNarrow || !runs.length || this.state.quantity !== 0 || areLines ? '' : nodes > LINES_MAX ? `; dashed: highest and median of ${names}` : `; pale: ${names}`;
        if (!bands)
            return (this.isNarrow ? words : `${words} per node`) + other;
        return (this.isNarrow ? `${words}: all, middle half, median` : `${words}: lowest to highest (light), middle half of the nodes (dark), median (line)`) + other;
    }

    /** @param {number[]} order */
    heatCaption(order) {
        const {meta, state} = this, names = /** @type {Record<string, string>} */ ({peak: 'highest peak first', node: 'by name', findings: 'findings first', last_at_s: 'by end',
            [meta.growth_key]: 'by growth'});
        const column = meta.table.find((/** @type {any} */ other) => other.key === state.sort);
        const rows = Math.max(1, Math.round(this.heat.height * this.ratio)), shares = Math.ceil(order.length / rows);
        const isPart = order.length < meta.nodes, by = state.isDescending && state.sort === 'peak' ? this.isLowFirst() ? 'lowest low first' : names.peak : names[state.sort] !== names.peak && names[state.sort]
            || `by ${column ? column.heading : 'peak'}`;
        if (this.isNarrow)
            return (isPart ? `${order.length} of ` : '') + plural(meta.nodes, 'node') + (this.range ? ' − median' : '');
        return (isPart ? `${order.length} of ` : '') + `${plural(meta.nodes, 'node')}, ${by}${this.endsLast(this.order()) ? ', early ends last' : ''}` + (this.range ? `; colours: ${this.unit().name} from the median` : '') +
            (shares > 1 ? `; a row shows the ${this.range ? 'farthest from it' : this.isLowFirst() ? 'lowest' : 'highest'} of ${order.length % rows ? 'up to ' : ''}${shares} nodes` : '');
    }

    /** @param {number} time */
    timeText(time) {
        return this.state.clock && this.meta.clock ? formatMoment(time, this.meta.clock) : formatClock(time);
    }

    // ---- drawing ----

    resize() {
        const width = this.isPrinting ? PRINT_PX : $('chart').clientWidth, ratio = this.isPrinting ? 2 : window.devicePixelRatio || 1;
        if (width === this.width && ratio === this.ratio)
            return;
        this.width = width;
        this.ratio = ratio;
        this.show();
    }

    show() {
        this.range = 0;
        this.layOut();
        this.range = this.heatRange(this.gridAndBands());
        if (this.range)
            this.layOut();
        const theme = this.palette(), root = document.documentElement;
        for (const name of ['background', 'title', 'text', 'grid', 'axis'])
            root.style.setProperty('--' + name, theme[name]);
        root.style.setProperty('--accent', theme.node[0]);
        root.style.setProperty('--alarm', theme.limit);
        root.style.colorScheme = this.themeName();
        $('chart').style.height = this.height + 'px';
        this.current = this.scene();
        const base = $('base');
        drawScene(this.context(base, this.ratio), this.current);
        this.showControls();
        this.showLegend();
        this.showNote();
        this.showTable(true);
        this.showOverlay();
    }

    /** Returns the cleared drawing context of a canvas with `ratio` pixels per CSS pixel.
     * @param {HTMLCanvasElement} canvas @param {number} ratio */
    context(canvas, ratio) {
        const width = Math.round(this.width * ratio), height = Math.round(this.height * ratio);
        if (canvas.width !== width || canvas.height !== height)
            [canvas.width, canvas.height] = [width, height];
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        context.clearRect(0, 0, this.width, this.height);
        return context;
    }

    /** Draws the overlay once with the next frame, however often it is requested. */
    later() {
        if (!this.frame)
            this.frame = requestAnimationFrame(() => {
                this.frame = 0;
                this.showOverlay();
            });
    }

    showOverlay() {
        const c = this.context($('overlay'), this.ratio), scene = this.current, {plot, heat} = scene, {theme} = scene;
        if (this.drag && this.isDragging()) {
            const [x0, x1] = this.dragSpan();
            c.fillStyle = theme.node[0];
            c.globalAlpha = 0.15;
            c.fillRect(x0, plot.y, x1 - x0, (heat.height ? heat.y + heat.height : plot.y + plot.height) - plot.y);
            c.globalAlpha = 1;
            const rows = this.dragRows();
            if (rows)
                c.strokeRect(x0, Math.min(this.drag.y, this.drag.y1), x1 - x0, Math.abs(this.drag.y1 - this.drag.y));
        }
        const {cursor} = this;
        if (!cursor || cursor.t < scene.from || cursor.t > scene.to) {
            $('tip').style.visibility = 'hidden';
            return;
        }
        const x = crisp(xOf(scene, cursor.t));
        drawStroke(c, x, plot.y, x, plot.y + plot.height, theme.title);
        for (const rect of [scene.focusRect, heat])
            for (const [style, width] of /** @type {[string, number][]} */ (rect.height ? [[theme.background, 3], [theme.title, 1]] : []))
                drawStroke(c, x, rect.y, x, rect.y + rect.height, style, [], width);
        this.showCursorNode(c);
        this.showTip(x);
    }

    /** Highlights the row and the line of the node under the cursor.
     * @param {CanvasRenderingContext2D} c */
    showCursorNode(c) {
        const scene = this.current, {cursor} = this, {heat, theme} = scene;
        if (!cursor || cursor.node < 0)
            return;
        const sample = this.valueAt(cursor.node, cursor.t), place = scene.order.indexOf(cursor.node);
        if (sample && !scene.lines.some(line => line.node === cursor.node && !line.isWeak))
            drawLine(c, scene, {node: cursor.node, style: theme.title, label: '', isWeak: false});
        if (heat.height && place >= 0) {
            const height = Math.max(heat.height / scene.order.length, 3), y = rowY(scene, place) - height / 2;
            c.lineWidth = 1;
            c.strokeStyle = theme.background;
            c.strokeRect(heat.x - 0.5, y - 1.5, heat.width + 1, height + 3);
            c.strokeStyle = theme.title;
            c.strokeRect(heat.x - 0.5, y - 0.5, heat.width + 1, height + 1);
        }
        if (sample) {
            c.beginPath();
            c.arc(xOf(scene, sample.t), yOf(scene, sample.hi), 4, 0, 2 * Math.PI);
            c.fillStyle = scene.colourOf.get(cursor.node) || theme.title;
            c.fill();
            c.strokeStyle = theme.background;
            c.stroke();
        }
    }

    /** Returns the values of a node at a time: the nearest sample, or the lowest and highest value of the column; null without data.
     *
     * @param {number} node @param {number} time @returns {{t: number, lo: number, hi: number} | null} */
    valueAt(node, time) {
        const {grid, quantity} = this.current, line = quantity.lines[node];
        if (line) {
            const sample = sampleNear(line, time, (this.meta.interval_s || 0) * 1.5);
            return sample && {t: sample.t, lo: this.scaled(node, sample.value), hi: this.scaled(node, sample.value)};
        }
        const column = columnAt(grid, time), i = node * grid.columns + column;
        return column < 0 || Number.isNaN(grid.hi[i]) ? null : {t: time, lo: grid.lo[i], hi: grid.hi[i]};
    }

    /** @param {{lo: number, hi: number}} value */
    valueText(value) {
        const unit = this.unit(), text = (/** @type {number} */ number) => formatCell(number, 'value', unit);
        const high = text(value.hi), low = text(value.lo);
        return (value.hi - value.lo > 0.01 * value.hi && low !== high ? `${low} to ${high}` : high) + (unit.name ? ' ' + unit.name : '');
    }

    /** Returns the lines of the tip: time; events; the node under the pointer; the coloured nodes.
     *
     * @param {{t: number, node: number}} cursor */
    tipLines(cursor) {
        const {meta, data} = this, scene = this.current, lines = [];
        const clock = meta.clock && formatMoment(cursor.t, meta.clock), elapsed = formatClock(cursor.t);
        lines.push({kind: 'head', text: meta.clock ? `${elapsed} · ${clock}` : elapsed, value: '', style: ''});
        for (const event of scene.events)
            if (Math.abs(xOf(scene, event.at_s) - xOf(scene, cursor.t)) < 5)
                lines.push({kind: 'words', text: `⚑ ${shown(event.text, 200)}`, value: '', style: ''});
        const put = (/** @type {number} */ node, /** @type {boolean} */ isMain) => {
            const value = this.valueAt(node, cursor.t), column = columnAt(scene.grid, value ? value.t : cursor.t);
            const rank = isMain && value && column >= 0 && meta.nodes > 1 ? rankAt(scene.grid, node, column, this.isLowFirst()) : null;
            lines.push({kind: isMain ? 'main' : '', text: shown(isMain ? this.wholeNames[node] : data.names[node], isMain ? 80 : 40), value: (value ? this.valueText(value) : 'no data') +
                (rank ? ` · ${ordinal(rank.rank)} of ${rank.of}` : ''), style: scene.colourOf.get(node) || ''});
        };
        if (cursor.node >= 0) {
            put(cursor.node, true);
            for (const text of this.findingsOf(cursor.node))
                lines.push({kind: 'words', text, value: '', style: ''});
        }
        if (cursor.node >= 0)
            lines.push(...this.runLines(cursor));
        const others = [...scene.colourOf.keys()].filter(node => node !== cursor.node);
        others.sort((a, b) => Number(this.state.selected.includes(b)) - Number(this.state.selected.includes(a)));
        others.slice(0, TIP_ROWS).forEach(node => put(node, false));
        if (cursor.node < 0)
            lines.push(...this.runLines(cursor));
        const column = columnAt(scene.grid, cursor.t);
        if (scene.bands && scene.isOverview && column >= 0 && scene.bands.count[column])
            lines.push({kind: '', text: `median of ${scene.bands.count[column]}`, style: scene.theme.median,
                value: this.valueText({lo: scene.bands.median[column], hi: scene.bands.median[column]})});
        return lines;
    }

    /** @param {number} x */
    showTip(x) {
        const tip = $('tip'), cursor = /** @type {{t: number, node: number}} */ (this.cursor), lines = this.tipLines(cursor);
        tip.replaceChildren(...lines.map(line => {
            const row = make('div', line.kind);
            if (line.style) {
                const swatch = make('span', 'swatch');
                swatch.style.background = line.style;
                row.append(swatch);
            }
            row.append(make('bdi', '', line.text));
            if (line.value)
                row.append(make('span', 'value', line.value));
            return row;
        }));
        const width = tip.offsetWidth, height = tip.offsetHeight, y = this.pointerY === undefined ? this.plot.y + 8 : this.pointerY;
        const left = x + 14 + width <= this.width ? x + 14 : Math.max(x - 14 - width, 0);
        const top = Math.min(Math.max(y + 14, 0), Math.max(this.height - height - 4, 0));
        tip.style.transform = `translate(${Math.round(Math.min(left, Math.max(this.width - width, 0)))}px, ${Math.round(top)}px)`;
        tip.style.visibility = 'visible';
    }

    /** Announces the values at the cursor to screen readers. */
    say() {
        const {cursor} = this;
        if (cursor)
            $('live').textContent = this.tipLines(cursor).slice(0, 5).map(line => `${line.text} ${line.value}`.trim()).join('; ');
    }

    showNote() {
        const {meta} = this, scene = this.current, span = scene.columnSpan, parts = [];
        if (scene.quantity.columns) {
            parts.push(`${plural(scene.quantity.columns, 'column')} of ${formatDuration(span)}, each with the lowest and highest value to ` +
                `${meta.error_percent} % of a node's peak; peaks, ends and statistics are exact`);
            if (this.isZoomed() && (scene.to - scene.from) / span < this.plot.width / 8)
                parts.push('zoomed in beyond this resolution');
        } else {
            parts.push(meta.is_every_sample ? 'every sample, exact' : `exact first, lowest, highest and last sample every ${formatDuration(meta.stretch_s)}`);
            if (!meta.is_every_sample && this.isZoomed() && (scene.to - scene.from) / meta.stretch_s < this.plot.width / 8)
                parts.push('zoomed in beyond this resolution');
        }
        $('note').textContent = parts.join(' · ');
    }

    /** Returns the texts of the findings about a node.
     * @param {number} node @returns {string[]} */
    findingsOf(node) {
        return this.meta.findings.filter((/** @type {any} */ finding) => finding.nodes.includes(this.data.names[node]))
            .map((/** @type {any} */ finding) => shown(finding.text, 200));
    }

    showControls() {
        const {state} = this, isZoomed = this.isZoomed() || Boolean(state.rows);
        $('quantity').value = String(state.quantity);
        $('unit').value = this.inPercent() ? 'percent' : '';
        $('unit').disabled = !this.hasPercent();
        $('unit').options[0].textContent = this.meta.percent ? '%' : this.state.percent ? 'bytes' : this.unit().name || 'values';
        $('total').checked = state.total;
        $('limit').checked = state.limit;
        $('clock').checked = state.clock;
        $('sort').options[0].textContent = this.isLowFirst() ? 'low' : 'peak';
        $('sort').value = state.sort;
        $('heat').value = state.heat;
        $('reset').disabled = !isZoomed;
        $('theme').textContent = this.themeName() === 'dark' ? 'Light' : 'Dark';
        if ($('search').value !== state.search && document.activeElement !== $('search'))
            $('search').value = state.search;
        for (const button of $('findings').children)
            button.setAttribute('aria-pressed', String(button === this.pressed));
    }

    showLegend() {
        const {state} = this, scene = this.current;
        const buttons = [...scene.colourOf].map(([node, style]) => {
            const swatch = make('span', 'swatch');
            swatch.style.background = style;
            const button = make('button', '', swatch, make('bdi', '', this.shownNames[node]),
                `${this.isLowFirst() ? 'low ' : ''}${this.newsText(node)} ${this.unit().name}`);
            button.setAttribute('aria-pressed', String(state.selected.includes(node)));
            button.title = [...this.meta.cut.join('') ? [oneLine(this.wholeNames[node])] : [], ...this.findingsOf(node)].join('\n');
            button.dataset.node = String(node);
            return button;
        });
        const focused = document.activeElement instanceof HTMLElement && document.activeElement.parentElement === $('legend')
            ? document.activeElement.dataset.node : undefined;
        const runs = scene.runs.map(run => {
            const swatch = make('span', 'swatch run');
            swatch.style.borderColor = run.style;
            swatch.style.borderTopStyle = run.dash.length === 0 ? 'solid' : run.dash[0] < 2 ? 'dotted' : 'dashed';
            swatch.style.opacity = String(run.isPale ? PALE : 1);
            return make('span', 'run', swatch, make('bdi', '', run.name), `${run.news} ${this.unit().name}`);
        });
        $('legend').replaceChildren(...buttons, ...runs);
        for (const button of buttons)
            if (focused !== undefined && button.dataset.node === focused)
                button.focus();
    }

    // ---- the table ----

    /** Fills in the visible rows.
     * @param {boolean} isNew whether more may have changed than the place scrolled to */
    showTable(isNew) {
        const rows = this.order(), key = [this.state.selected, this.active, this.themeName()].join(), hasChanged = rows !== this.tableOrder || key !== this.tableKey;
        if (isNew && hasChanged)
            this.showTableHead(rows);
        const scroll = $('scroll'), count = Math.min(Math.ceil(this.tableHeight / ROW_PX) + 12, rows.length);
        const first = Math.min(Math.max(Math.floor(scroll.scrollTop / ROW_PX) - 6, 0), rows.length - count);
        $('table').style.setProperty('--left', scroll.scrollLeft + 'px'); // names remain visible
        if (!hasChanged && first === this.tableFirst)
            return;
        [this.tableOrder, this.tableKey, this.tableFirst] = [rows, key, first];
        const body = $('table').tBodies[0];
        while (body.rows.length < count)
            body.append(this.makeRow());
        while (body.rows.length > count)
            body.lastChild.remove();
        for (let i = 0; i < count; i++)
            this.fillRow(body.rows[i], rows[first + i], first + i);
        // Rows are moved, and the rest is one empty row, so nothing is laid out again while the table scrolls.
        body.style.setProperty('--shift', first * ROW_PX + 'px');
        $('table').tBodies[1].rows[0].cells[0].style.height = (rows.length - count) * ROW_PX + 'px';
    }

    /** Shows how many nodes were found, and how they are sorted.
     * @param {number[]} rows */
    showTableHead(rows) {
        const {state, meta} = this, key = state.sort === 'peak' ? this.isLowFirst() ? '' : meta.table[this.peakColumn].key : state.sort;
        $('matches').textContent = state.search ? `${rows.length} of ${plural(meta.nodes, 'node')} found` : plural(meta.nodes, 'node');
        $('table').setAttribute('aria-rowcount', String(rows.length + 1));
        for (const head of $('table').tHead.rows[0].cells)
            head.setAttribute('aria-sort', head.dataset.key !== key ? 'none' : state.isDescending ? 'descending' : 'ascending');
    }

    makeRow() {
        return make('tr', '', make('td'), ...this.columns.map(() => make('td')));
    }

    /** Puts a node into a row; most rows only change their texts while the table scrolls.
     * @param {any} row @param {number} node @param {number} place */
    fillRow(row, node, place) {
        const {meta, data, state} = this, unit = this.tableUnit(), isSelected = state.selected.includes(node);
        const words = this.columns.map(i => {
            const column = meta.table[i], value = data.table[i][node];
            return column.kind === 'text' ? column.words[value] || UNKNOWN : column.kind === 'rate' ? formatCell(value * 3600, 'value', unit)
                : formatCell(value, column.kind, column.kind === 'bytes' && meta.percent ? unitFor(value) : unit);
        });
        row.className = (isSelected ? 'selected ' : '') + (node === this.active ? 'active' : '');
        row.id = 'row' + node;
        row.dataset.node = String(node);
        row.setAttribute('aria-rowindex', String(place + 2));
        row.setAttribute('aria-selected', String(isSelected));
        row.cells[0].style.borderLeftColor = this.current.colourOf.get(node) || 'transparent';
        row.cells[0].title = oneLine(this.wholeNames[node]);
        row.cells[0].replaceChildren(make('bdi', '', this.shownNames[node]));
        words.forEach((text, i) => {
            row.cells[i + 1].textContent = text; // a new text node, as changing one counts as a layout shift
        });
    }

    tableUnit() {
        return this.meta.percent ? {name: '%', size: 1} : this.meta.unit;
    }

    /** Moves the table's cursor and scrolls it into view.
     * @param {number} place */
    activate(place) {
        const rows = this.tableOrder, scroll = $('scroll');
        place = Math.min(Math.max(place, 0), rows.length - 1);
        if (place < 0)
            return;
        this.active = rows[place];
        const top = place * ROW_PX, height = scroll.clientHeight - ROW_PX - 20;
        if (top < scroll.scrollTop || top + ROW_PX > scroll.scrollTop + height)
            scroll.scrollTop = Math.max(top - height / 2, 0);
        this.showTable(true);
        scroll.setAttribute('aria-activedescendant', 'row' + this.active);
    }

    // ---- user input ----

    /** Builds all elements that do not change. */
    fill() {
        const {meta} = this;
        $('title').textContent = shown(meta.title, 300);
        $('facts').textContent = shown(meta.facts, 2000);
        $('findings').replaceChildren(...meta.findings.map((/** @type {any} */ finding) => {
            const button = make('button', ['killed', 'above_limit', 'ended_early'].includes(finding.kind) ? 'alarm' : '', make('bdi', '', shown(finding.text, 300)));
            button.setAttribute('type', 'button');
            button.addEventListener('click', () => this.goTo(finding, button));
            return button;
        }));
        const option = (/** @type {string} */ value, /** @type {string} */ text) => {
            const element = make('option', '', text);
            element.setAttribute('value', value);
            return element;
        };
        $('quantity').replaceChildren(...meta.quantities.map((/** @type {any} */ quantity, /** @type {number} */ i) => option(String(i), quantity.name)));
        this.peakColumn = Math.max(meta.table.findIndex((/** @type {any} */ column) => /^peak_(bytes|percent)$/.test(column.key)), 0);
        $('sort').replaceChildren(option('peak', 'peak'), option('node', 'name'), ...meta.findings.length ? [option('findings', 'findings')] : [], option('last_at_s', 'end'), option(meta.growth_key, 'growth'),
            ...meta.table.filter((/** @type {any} */ column, /** @type {number} */ i) => this.columns.includes(i) && (i !== this.peakColumn || meta.quantities[0].isLow) && column.key !== 'last_at_s' && column.key !== meta.growth_key)
                .map((/** @type {any} */ column) => option(column.key, column.heading)));
        for (const [id, isKnown] of /** @type {[string, boolean][]} */ ([['limit', meta.limit !== null], ['clock', Boolean(meta.clock)]]))
            $(id).parentElement.hidden = !isKnown;
        for (const id of ['search', 'sort', 'heat'])
            $(id).parentElement.hidden = meta.nodes === 1;
        this.fillHead();
        document.title = shown(meta.title, 300);
        $('app').hidden = false;
    }

    fillHead() {
        const {meta} = this, unit = this.tableUnit(), columns = [{key: 'node', heading: 'node', kind: 'name'}, ...this.columns.map(i => meta.table[i])];
        const longest = Math.max(this.longest, 6);
        let all = 0;
        $('table').tHead.rows[0].replaceChildren(...columns.map(column => {
            const hasUnit = ['value', 'change', 'rate'].includes(column.kind) || (column.kind === 'bytes' && !meta.percent);
            const button = make('button', '', column.heading + (hasUnit && unit.name ? ` ${unit.name}` : '') + (column.kind === 'rate' ? '/h' : ''));
            const head = make('th', '', button), width = column.kind === 'name' ? longest * 7.5 + 28 : Math.max((button.textContent || '').length * 7.5 + 18, column.kind === 'duration' ? 96 : 68);
            button.setAttribute('type', 'button');
            head.dataset.key = column.key;
            head.setAttribute('scope', 'col');
            head.style.width = width + 'px';
            all += width;
            button.addEventListener('click', () => this.sortBy(column.key, column.kind));
            return head;
        }));
        $('table').style.width = all + 'px';
        this.tableHeight = Math.min((meta.nodes + 1) * ROW_PX + 18, 560);
        $('scroll').style.height = `min(60vh, ${Math.min((meta.nodes + 1) * ROW_PX + 18, 560)}px)`;
    }

    /** @param {string} key
     * @param {string} kind */
    sortBy(key, kind) {
        const {state, meta} = this, isPeak = key === meta.table[this.peakColumn].key && !this.isLowFirst(), sort = isPeak ? 'peak' : key;
        const isRising = kind === 'name' || kind === 'text' || key === 'last_at_s';
        this.set({sort, isDescending: state.sort === sort ? !state.isDescending : !isRising});
        $('scroll').scrollTop = 0;
    }

    /** @param {number} node */
    toggle(node) {
        const {selected} = this.state, isIn = selected.includes(node);
        this.set({selected: isIn ? selected.filter(other => other !== node) : [...selected, node]});
    }

    /** Shows the time and the nodes of a finding; if it is shown already, shows all again.
     * @param {any} finding @param {HTMLElement} button */
    goTo(finding, button) {
        const {meta} = this, nodes = finding.nodes.map((/** @type {string} */ name) => this.byName.get(name)).filter((/** @type {any} */ node) => node !== undefined);
        if (this.pressed === button) {
            this.pressed = null;
            this.set({selected: []});
            this.reset();
            return;
        }
        this.pressed = button;
        const hasTime = typeof finding.at_s === 'number', half = (meta.end_s - meta.begin_s) * 0.15;
        const at = hasTime ? Math.min(Math.max(finding.at_s, meta.begin_s), meta.end_s) : meta.end_s;
        this.pointerY = undefined;
        this.cursor = nodes.length ? {t: at, node: nodes[0]} : null;
        this.set({selected: nodes, search: '', rows: null, from: hasTime ? Math.max(at - half, meta.begin_s) : meta.begin_s,
            to: hasTime ? Math.min(at + half, meta.end_s) : meta.end_s});
        if (nodes.length)
            this.activate(this.tableOrder.indexOf(nodes[0]));
        this.say();
    }

    isDragging() {
        const {drag} = this;
        return drag !== null && (Math.abs(drag.x1 - drag.x) > 4 || Math.abs(drag.y1 - drag.y) > 12);
    }

    dragSpan() {
        const drag = /** @type {{x: number, x1: number}} */ (this.drag), {plot} = this;
        const within = (/** @type {number} */ x) => Math.min(Math.max(x, plot.x), plot.x + plot.width);
        return [within(Math.min(drag.x, drag.x1)), within(Math.max(drag.x, drag.x1))];
    }

    /** Returns the range of the order that a drag within the heatmap spans, null outside the heatmap.
     *
     * @returns {[number, number] | null} */
    dragRows() {
        const {drag, heat} = this, scene = this.current;
        if (!drag || !heat.height || drag.y < heat.y || drag.y > heat.y + heat.height || Math.abs(drag.y1 - drag.y) < 12 || scene.order.length < 2)
            return null;
        const offset = this.state.rows ? this.state.rows[0] : 0;
        return [offset + placeOf(scene, Math.min(drag.y, drag.y1)), offset + placeOf(scene, Math.max(drag.y, drag.y1)) + 1];
    }

    endDrag() {
        const scene = this.current, [x0, x1] = this.dragSpan(), rows = this.dragRows();
        const from = timeOf(scene, x0), to = timeOf(scene, x1), least = Math.min(this.meta.interval_s || 1, (this.meta.end_s - this.meta.begin_s) / 4);
        this.drag = null;
        const isWide = x1 - x0 > 4 && to - from > 0;
        const middle = (from + to) / 2, half = Math.max(to - from, least) / 2;
        this.set({...rows ? {rows} : {}, ...isWide ? {from: Math.max(middle - half, this.meta.begin_s), to: Math.min(middle + half, this.meta.end_s)} : {}});
    }

    /** Returns the node at a place: the highest in a row of the heatmap, or the nearest line; -1 if there is none.
     *
     * @param {number} x @param {number} y */
    nodeAt(x, y) {
        const scene = this.current, {grid, order, heat, plot} = scene, time = timeOf(scene, x), column = columnAt(grid, time);
        const {focus, focusRect} = scene;
        if (focus.length && y >= focusRect.y && y < focusRect.y + focusRect.height)
            return focus[Math.floor((y - focusRect.y) / FOCUS_PX)];
        if (heat.height && y >= heat.y - 6 && order.length) {
            const rows = Math.min(order.length, Math.max(1, Math.round(heat.height * scene.ratio)));
            const row = Math.min(Math.max(Math.floor((y - heat.y) / heat.height * rows), 0), rows - 1);
            const nodes = order.slice(rowFirst(row, rows, order.length), rowFirst(row + 1, rows, order.length));
            const value = (/** @type {number} */ node) => column < 0 ? NaN : grid.hi[node * grid.columns + column];
            return nodes.reduce((best, node) => value(node) > value(best) || Number.isNaN(value(best)) && !Number.isNaN(value(node)) ? node : best, nodes[0]);
        }
        let best = -1, distance = NEAR_PX;
        for (const line of y > plot.y + plot.height + 20 ? [] : scene.lines) {
            const sample = this.valueAt(line.node, time), from = sample ? Math.abs(yOf(scene, sample.hi) - y) : Infinity;
            if (from <= distance)
                [best, distance] = [line.node, from];
        }
        return best;
    }

    /** Zooms about the cursor or the middle.
     * @param {number} factor */
    zoom(factor) {
        const {state, meta} = this, centre = this.cursor ? this.cursor.t : (state.from + state.to) / 2;
        const least = Math.min(meta.interval_s || 1, meta.end_s - meta.begin_s), span = Math.min(Math.max((state.to - state.from) * factor, least), meta.end_s - meta.begin_s);
        const share = (centre - state.from) / (state.to - state.from), from = Math.max(Math.min(centre - share * span, meta.end_s - span), meta.begin_s);
        this.set({from, to: from + span});
    }

    /** Moves the cursor by columns or samples and by rows.
     * @param {number} steps @param {number} rows */
    move(steps, rows) {
        const scene = this.current, {state, meta} = this, pixel = (state.to - state.from) / scene.plot.width;
        const step = Math.max(scene.quantity.columns ? scene.columnSpan : meta.is_every_sample ? meta.interval_s || pixel : meta.stretch_s, pixel);
        const cursor = this.cursor || {t: (state.from + state.to) / 2 - steps * step, node: -1};
        const place = cursor.node < 0 ? (rows > 0 ? -1 : rows < 0 ? scene.order.length : 0) : scene.order.indexOf(cursor.node);
        const next = Math.min(Math.max(place + rows, 0), scene.order.length - 1);
        this.cursor = {t: Math.min(Math.max(cursor.t + steps * step, state.from), state.to), node: scene.order.length ? scene.order[Math.max(next, 0)] : -1};
        this.pointerY = scene.heat.height && rows ? rowY(scene, next) : this.pointerY;
        this.later();
        this.say();
    }

    /** Moves the cursor to the peak of its node, or to its minimum if low values matter. */
    moveToPeak() {
        const times = this.newsTimes(), node = this.cursor && this.cursor.node >= 0 ? this.cursor.node : this.current.order[0];
        const t = node === undefined ? NaN : times ? times[node] : highestAt(this.current.grid, node);
        if (Number.isNaN(t))
            return;
        this.cursor = {t, node};
        if (t < this.state.from || t > this.state.to)
            this.set({from: this.meta.begin_s, to: this.meta.end_s});
        this.later();
        this.say();
    }

    /** @param {KeyboardEvent} event */
    onChartKey(event) {
        const many = event.shiftKey ? 10 : 1, {state} = this;
        const actions = /** @type {Record<string, () => void>} */ ({
            ArrowLeft: () => this.move(-many, 0), ArrowRight: () => this.move(many, 0), ArrowUp: () => this.move(0, -many), ArrowDown: () => this.move(0, many),
            PageUp: () => this.move(0, -50), PageDown: () => this.move(0, 50),
            Home: () => (this.cursor = {t: state.from, node: this.cursor ? this.cursor.node : -1}, this.move(0, 0)),
            End: () => (this.cursor = {t: state.to, node: this.cursor ? this.cursor.node : -1}, this.move(0, 0)),
            Enter: () => this.cursor && this.cursor.node >= 0 && this.toggle(this.cursor.node), ' ': () => actions.Enter(),
            p: () => this.moveToPeak(), P: () => this.moveToPeak(), '+': () => this.zoom(0.5), '=': () => this.zoom(0.5), '-': () => this.zoom(2), 0: () => this.reset()});
        if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(actions, event.key))
            return;
        event.preventDefault();
        actions[event.key]();
    }

    /** @param {KeyboardEvent} event */
    onTableKey(event) {
        const place = this.tableOrder.indexOf(this.active), page = Math.floor($('scroll').clientHeight / ROW_PX) - 2;
        const steps = /** @type {Record<string, number>} */ ({ArrowDown: place + 1, ArrowUp: place - 1, PageDown: place + page, PageUp: place - page, Home: 0,
            End: this.tableOrder.length - 1});
        if (event.target !== $('scroll') || event.ctrlKey || event.metaKey || event.altKey)
            return;
        if (Object.hasOwn(steps, event.key))
            this.activate(steps[event.key]);
        else if ((event.key === 'Enter' || event.key === ' ') && this.active >= 0)
            this.toggle(this.active);
        else
            return;
        event.preventDefault();
    }

    /** @param {PointerEvent} event */
    place(event) {
        const box = $('chart').getBoundingClientRect();
        return {x: event.clientX - box.left, y: event.clientY - box.top};
    }

    /** @param {PointerEvent} event */
    onPointer(event) {
        const {x, y} = this.place(event), scene = this.current, {plot} = scene;
        this.pointerY = y;
        if (this.drag) {
            this.drag.x1 = x;
            this.drag.y1 = y;
        }
        this.cursor = x < plot.x - 2 || x > plot.x + plot.width + 2 ? null
            : {t: Math.min(Math.max(timeOf(scene, x), scene.from), scene.to), node: this.nodeAt(x, y)};
        this.later();
    }

    listenChart() {
        const chart = $('chart');
        chart.addEventListener('pointermove', (/** @type {PointerEvent} */ event) => this.onPointer(event));
        chart.addEventListener('pointerleave', () => {
            this.cursor = null;
            this.later();
        });
        chart.addEventListener('pointerdown', (/** @type {PointerEvent} */ event) => {
            if (event.button !== 0)
                return;
            const {x, y} = this.place(event);
            this.drag = {x, y, x1: x, y1: y};
            chart.setPointerCapture(event.pointerId);
            this.onPointer(event);
        });
        chart.addEventListener('pointerup', (/** @type {PointerEvent} */ event) => {
            if (this.drag && this.isDragging()) {
                this.endDrag();
            } else if (this.drag) {
                const {x, y} = this.place(event), node = this.nodeAt(x, y);
                this.drag = null;
                if (node >= 0)
                    this.toggle(node);
            }
            this.drag = null;
        });
        chart.addEventListener('pointercancel', () => {
            this.drag = null;
            this.later();
        });
        chart.addEventListener('dblclick', () => this.reset());
        chart.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.onChartKey(event));
    }

    listenTools() {
        const on = (/** @type {string} */ id, /** @type {string} */ kind, /** @type {(element: any) => void} */ action) =>
            $(id).addEventListener(kind, () => action($(id)));
        on('search', 'input', element => this.set({search: element.value}));
        on('quantity', 'change', element => this.set({quantity: Number(element.value)}));
        on('unit', 'change', element => this.set({percent: element.value === 'percent'}));
        on('sort', 'change', element => this.set({sort: element.value, isDescending: !['node', 'findings', 'last_at_s'].includes(element.value)}));
        on('heat', 'change', element => this.set({heat: element.value}));
        on('total', 'change', element => this.set({total: element.checked}));
        on('limit', 'change', element => this.set({limit: element.checked}));
        on('clock', 'change', element => this.set({clock: element.checked}));
        on('reset', 'click', () => this.reset());
        on('theme', 'click', () => this.set({theme: this.themeName() === 'dark' ? 'light' : 'dark'}));
        on('save', 'click', () => this.savePng());
        on('copy', 'click', element => this.copyTable(element));
        $('search').addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
            if (event.key === 'Enter' && this.tableOrder.length)
                this.toggle(this.tableOrder[0]);
        });
        document.addEventListener('keydown', event => {
            if (event.key !== 'Escape')
                return;
            this.drag = null;
            if (document.activeElement === $('search') && this.state.search)
                this.set({search: $('search').value = ''});
            else
                this.reset();
        });
    }

    listen() {
        this.listenChart();
        this.listenTools();
        const scroll = $('scroll'), nodeOf = (/** @type {Event} */ event) => {
            const element = event.target instanceof Element ? event.target.closest('[data-node]') : null;
            return element instanceof HTMLElement ? Number(element.dataset.node) : -1;
        };
        scroll.addEventListener('scroll', () => this.showTable(false), {passive: true});
        scroll.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.onTableKey(event));
        for (const id of ['table', 'legend'])
            $(id).addEventListener('click', (/** @type {Event} */ event) => {
                const node = nodeOf(event);
                if (node >= 0) {
                    this.active = id === 'table' ? node : this.active;
                    this.toggle(node);
                }
            });
        new ResizeObserver(() => this.resize()).observe($('chart'));
        matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.show());
        addEventListener('resize', () => this.resize());
        addEventListener('hashchange', () => {
            this.readHash();
            $('search').value = this.state.search;
            this.show();
        });
        for (const [name, isPrinting] of /** @type {[string, boolean][]} */ ([['beforeprint', true], ['afterprint', false]]))
            addEventListener(name, () => {
                this.isPrinting = isPrinting;
                this.cursor = null;
                $('chart').style.width = isPrinting ? PRINT_PX + 'px' : '';
                this.resize();
                this.show();
            });
    }

    // ---- saving and copying ----

    savePng() {
        const canvas = document.createElement('canvas'), {meta} = this, scene = this.current, ratio = 2, head = 64;
        canvas.width = this.width * ratio;
        canvas.height = (this.height + head) * ratio;
        const c = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
        c.scale(ratio, ratio);
        c.fillStyle = scene.theme.background;
        c.fillRect(0, 0, this.width, head);
        c.font = `bold 18px ${FONT}`;
        drawText(c, fitText(c, shown(meta.title, 300), this.width - 48), 24, 32, {style: scene.theme.title, size: 18, bold: true});
        c.font = `${TEXT}px ${FONT}`;
        drawText(c, fitText(c, shown(meta.facts, 2000), this.width - 48), 24, 54, {style: scene.theme.text});
        c.translate(0, head);
        drawScene(c, Object.assign({}, scene, {ratio}));
        canvas.toBlob(blob => {
            const link = make('a');
            link.setAttribute('href', URL.createObjectURL(/** @type {Blob} */ (blob)));
            link.setAttribute('download', (decodeURIComponent(location.pathname).split('/').pop() || 'memtrace').replace(/\.html?$/i, '') + '.png');
            link.click();
            setTimeout(() => URL.revokeObjectURL(link.getAttribute('href') || ''), 10000);
        });
    }

    /** @param {HTMLElement} button */
    async copyTable(button) {
        const text = tableTsv(this.meta, this.data, this.tableOrder), words = button.textContent;
        try {
            await navigator.clipboard.writeText(text);
        } catch (error) { // not permitted, or not supported by this browser
            const area = /** @type {HTMLTextAreaElement} */ (make('textarea'));
            area.value = text;
            document.body.append(area);
            area.select();
            document.execCommand('copy');
            area.remove();
        }
        $('live').textContent = 'Table copied';
        button.textContent = 'Copied';
        setTimeout(() => {
            button.textContent = words;
        }, 1500);
    }
}

/** Keeps a page current that a running memtrace rewrites: shows its age, and reloads it while nobody uses it. If the file did not
 * change, the next reload waits twice as long.
 * @param {any} meta */
function follow(meta) {
    if (!meta.follow_s)
        return;
    const modified = Date.parse(document.lastModified), before = history.state || {};
    const isNew = before.modified !== modified, wait = isNew ? Math.max(meta.follow_s, 2) : Math.min((before.wait || 2) * 2, 60);
    let busy = performance.now() - 60000;
    const loaded = performance.now();
    for (const kind of ['pointermove', 'pointerdown', 'keydown', 'wheel', 'scroll'])
        addEventListener(kind, () => {
            busy = performance.now();
        }, {passive: true, capture: true});
    const tick = () => {
        $('age').textContent = `live · written ${formatDuration(Math.max(Date.now() - modified, 0) / 1000)} ago`;
        if (document.visibilityState !== 'visible' || performance.now() - busy < 5000 || performance.now() - loaded < wait * 1000)
            return;
        history.replaceState({modified, wait}, '');
        location.reload();
    };
    tick();
    setInterval(tick, 1000);
}

async function start() {
    try {
        const meta = JSON.parse($('meta').textContent);
        const bytes = new Uint8Array(await inflate($('data').textContent).arrayBuffer());
        Object.assign(globalThis, {memtracePage: new Page(meta, readData(bytes, meta))});
        performance.mark('picture');
        follow(meta);
    } catch (error) {
        showStill(error);
        throw error;
    }
}

if (typeof document !== 'undefined')
    start();
