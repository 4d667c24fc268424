// Draws on a canvas, in CSS pixels, what draw_lines.c and draw_overview.c draw with Cairo. Independent of the state and events.
'use strict';

/** @typedef {{x: number, y: number, width: number, height: number}} Rect */
/** A line to draw: `style` is its colour; `isWeak` puts it in the background.
 * @typedef {{node: number, style: string,
 *     label: string, isWeak: boolean}} Shown */
/** Another run in the background: lines of its nodes, or their maximum and median. Values times `factor` are in units of the axis.
 *
 * @typedef {{name: string, dash: number[], strokes: {style: string, isPale: boolean, factor: number, line: Line | null, columns: Float64Array |
 *     null, same: number, label: string}[], style: string, isPale: boolean, news: string}} ShownRun */
/** Everything to draw. Values and `levels` are in units of the axis times `unit.size`; `order` lists the heatmap's nodes.
 *
 * @typedef {{theme: any, heatColours: Uint32Array, valueColours: Uint32Array, range: number, runs: ShownRun[], begin: number, end: number, data: Data, quantity: Quantity, inPercent: boolean, grid: Grid, bands: Bands | null, isOverview: boolean,
 *     order: number[], from: number, to: number, time: Scale, value: Scale, heatValue: Scale, unit: {name: string, size: number},
 *     plot: Rect, heat: Rect, width: number, height: number, isNarrow: boolean, lines: Shown[], levels: {value: number, text: string,
 *     style: string, isDashed: boolean, isFloor: boolean}[], events: {at_s: number, text: string}[], early: Set<number>, colourOf: Map<number, string>,
 *     peak: {t: number, value: number, text: string, style: string} | null, heatCaption: string, plotCaption: string, ratio: number,
 *     columnSpan: number, focus: number[], reasons: Map<number, string>, focusRect: Rect, focusTop: number, focusCaption: string}} Scene */

const FONT = '"DejaVu Sans", Verdana, system-ui, sans-serif';
const SMALL = 11, TEXT = 12, PALE = 0.35; // of a colour that is mixed with the ground, as in theme.c
const LIMIT_SHADE = 0.08; // of its colour, as in draw.c
const HATCH_PX = 5; // from line to line where data are missing, as in draw_overview.c

/** @param {Scene} scene
 * @param {number} time */
function xOf(scene, time) {
    return scene.plot.x + (time - scene.from) / (scene.to - scene.from) * scene.plot.width;
}

/** @param {Scene} scene
 * @param {number} x */
function timeOf(scene, x) {
    return scene.from + (x - scene.plot.x) / scene.plot.width * (scene.to - scene.from);
}

/** @param {Scene} scene
 * @param {number} value */
function yOf(scene, value) {
    return scene.plot.y + scene.plot.height * (1 - value / scene.unit.size / scene.value.max);
}

/** Returns the node of the heatmap at a height, as an index of scene.order.
 * @param {Scene} scene @param {number} y */
function placeOf(scene, y) {
    const place = Math.floor((y - scene.heat.y) / scene.heat.height * scene.order.length);
    return Math.min(Math.max(place, 0), scene.order.length - 1);
}

/** Returns the middle of the row of an index of scene.order.
 * @param {Scene} scene @param {number} place */
function rowY(scene, place) {
    return scene.heat.y + (place + 0.5) / scene.order.length * scene.heat.height;
}

/** @param {CanvasRenderingContext2D} c
 * @param {string} text @param {number} x @param {number} y
 * @param {{style: string, align?: CanvasTextAlign, size?: number, bold?: boolean, halo?: string}} how */
function drawText(c, text, x, y, how) {
    c.font = `${how.bold ? 'bold ' : ''}${how.size || TEXT}px ${FONT}`;
    c.textAlign = how.align || 'left';
    if (how.halo) {
        c.strokeStyle = how.halo;
        c.lineWidth = 4;
        c.lineJoin = 'round';
        c.strokeText(text, x, y);
    }
    c.fillStyle = how.style;
    c.fillText(text, x, y);
}

/** @param {CanvasRenderingContext2D} c
 * @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1
 * @param {string} style @param {number[]} [dash] @param {number} [width] */
function drawStroke(c, x0, y0, x1, y1, style, dash = [], width = 1) {
    c.beginPath();
    c.setLineDash(dash);
    c.moveTo(x0, y0);
    c.lineTo(x1, y1);
    c.strokeStyle = style;
    c.lineWidth = width;
    c.stroke();
    c.setLineDash([]);
}

/** Returns the text, shortened in the middle to fit in `width`.
 * @param {CanvasRenderingContext2D} c @param {string} text @param {number} width */
function fitText(c, text, width) {
    if (c.measureText(text).width <= width)
        return text;
    let most = text.length;
    while (most > 2 && c.measureText(shown(text, most)).width > width)
        most -= Math.max(1, Math.floor(most / 16));
    return most > 2 ? shown(text, most) : '';
}

/** Returns as many of the clauses joined by " · " as fit; none if the first one does not fit.
 * @param {CanvasRenderingContext2D} c @param {string} text @param {number} width */
function fitClauses(c, text, width) {
    while (text && c.measureText(text).width > width)
        text = text.slice(0, Math.max(text.lastIndexOf(' · '), 0));
    return text;
}

/** Rounds a place to the middle of a pixel, where a line of one pixel is crisp.
 * @param {number} place */
function crisp(place) {
    return Math.round(place - 0.5) + 0.5;
}

/** Draws grid lines, texts and unit of the value axis.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene */
function drawValueAxis(c, scene) {
    const {plot, theme} = scene;
    for (const tick of scene.value.ticks) {
        const y = crisp(yOf(scene, tick.value * scene.unit.size));
        drawStroke(c, plot.x, y, plot.x + plot.width, y, tick.value === 0 ? theme.axis : theme.grid);
        drawText(c, tick.text, plot.x - 8, y + 4, {style: theme.text, align: 'right'});
    }
    drawText(c, scene.unit.name, plot.x - 8, plot.y - 10, {style: theme.text, align: 'right'});
}

/** Draws the time axis below a rectangle, or only its ticks.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene
 * @param {Rect} rect @param {boolean} withText */
function drawTimeAxis(c, scene, rect, withText) {
    const bottom = rect.y + rect.height, {theme} = scene;
    c.font = `${TEXT}px ${FONT}`;
    let free = -Infinity;
    const {caption, ticks, minor, max, end} = scene.time, right = rect.x + rect.width, endHalf = c.measureText(end).width / 2;
    const endAt = Math.min(right, scene.width - endHalf - 2);
    for (const time of minor)
        drawStroke(c, crisp(xOf(scene, time)), bottom, crisp(xOf(scene, time)), bottom + 2, theme.axis);
    drawStroke(c, crisp(xOf(scene, max)), bottom, crisp(xOf(scene, max)), bottom + 4, theme.axis);
    if (withText)
        drawText(c, end, endAt, bottom + 18, {style: theme.text, align: 'center'});
    for (const tick of ticks) {
        const x = crisp(xOf(scene, tick.value));
        drawStroke(c, x, bottom, x, bottom + 4, theme.axis);
        const half = c.measureText(tick.text).width / 2, at = Math.max(x, half + 2);
        if (!withText || at - half < free || at + half > endAt - endHalf - 8)
            continue;
        drawText(c, tick.text, at, bottom + 18, {style: theme.text, align: 'center'});
        free = at + half + 8;
    }
    if (withText)
        drawText(c, caption.startsWith('time of day') ? caption : `elapsed time [${caption}]`, right, bottom + 36,
            {style: theme.text, align: 'right'});
}

/** Fills the area between two rows of values, in the columns that have both.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene
 * @param {Float32Array} top @param {Float32Array} bottom @param {string} style */
function drawBand(c, scene, top, bottom, style) {
    const {grid} = scene, width = (grid.to - grid.from) / grid.columns;
    const x = (/** @type {number} */ column) => xOf(scene, grid.from + (column + 0.5) * width);
    c.fillStyle = style;
    for (let start = 0; start < grid.columns;) {
        let end = start;
        while (end < grid.columns && top[end] === top[end])
            end++;
        c.beginPath();
        for (let i = start; i < end; i++)
            c.lineTo(x(i), yOf(scene, top[i]));
        for (let i = end - 1; i >= start; i--)
            c.lineTo(x(i), yOf(scene, bottom[i]));
        c.fill();
        start = end + 1;
    }
}

/** Makes a path through the middle of the columns of a row.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene
 * @param {Float32Array} hi @param {Float32Array} lo @param {number} row index of its first column */
function pathColumns(c, scene, hi, lo, row) {
    const {grid} = scene, width = (grid.to - grid.from) / grid.columns;
    const begin = Math.max(Math.floor((scene.from - grid.from) / width) - 1, 0);
    const end = Math.min(Math.ceil((scene.to - grid.from) / width) + 1, grid.columns);
    let isOpen = false, last = 0;
    c.beginPath();
    for (let i = begin; i < end; i++) {
        const high = hi[row + i], low = lo[row + i];
        if (high !== high) {
            isOpen = false;
            continue;
        }
        const x = xOf(scene, grid.from + (i + 0.5) * width), isFall = isOpen ? last > (high + low) / 2 : false;
        const [a, b] = isFall ? [high, low] : [low, high];
        if (isOpen)
            c.lineTo(x, yOf(scene, a));
        else
            c.moveTo(x, yOf(scene, a));
        c.lineTo(x, yOf(scene, b) + (isOpen ? 0 : 0.01));
        last = b;
        isOpen = true;
    }
}

/** Makes a path through the samples of a line.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene @param {Line} line @param {number} factor */
function pathSamples(c, scene, line, factor) {
    c.beginPath();
    const point = (/** @type {number} */ t, /** @type {number} */ value) => c.lineTo(xOf(scene, t), yOf(scene, value * factor));
    for (let i = Math.max(lastBefore(line.t, scene.from), 0); i < line.count; i++) {
        const x = xOf(scene, line.t[i]), y = yOf(scene, line.first[i] * factor), isAlone = line.gap[i] || i === 0;
        if (isAlone) {
            c.moveTo(x, y);
            if (line.t[i] === line.tLast[i] && (i + 1 === line.count || line.gap[i + 1]))
                c.lineTo(x, y + 0.01);
        } else {
            c.lineTo(x, y);
        }
        if (line.tMin[i] < line.tMax[i]) {
            point(line.tMin[i], line.min[i]);
            point(line.tMax[i], line.max[i]);
        } else {
            point(line.tMax[i], line.max[i]);
            point(line.tMin[i], line.min[i]);
        }
        point(line.tLast[i], line.last[i]);
        if (line.t[i] > scene.to)
            break;
    }
}

/** Makes a path through the middles of equal columns that span the whole time.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene @param {Float64Array} columns @param {number} factor */
function pathEven(c, scene, columns, factor) {
    const width = (scene.end - scene.begin) / columns.length;
    let isOpen = false;
    c.beginPath();
    columns.forEach((value, i) => {
        const x = xOf(scene, scene.begin + (i + 0.5) * width), y = yOf(scene, value * factor);
        if (isOpen)
            c.lineTo(x, y);
        else
            c.moveTo(x, y);
        isOpen = value === value;
    });
}

/** Draws the other runs in the background.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene */
function drawRuns(c, scene) {
    for (const run of scene.runs)
        for (const {style, isPale, factor, line, columns} of run.strokes) {
            if (line)
                pathSamples(c, scene, line, factor);
            else if (columns)
                pathEven(c, scene, columns, factor);
            c.strokeStyle = style;
            c.globalAlpha = isPale ? PALE : 1;
            c.lineWidth = line ? 1.6 : 1.2;
            c.setLineDash(run.dash);
            c.stroke();
        }
    c.setLineDash([]);
    c.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} c
 * @param {Scene} scene @param {Shown} shownLine */
function drawLine(c, scene, shownLine) {
    const {node} = shownLine, {grid, quantity} = scene, line = quantity.lines[node];
    const factor = scene.inPercent ? percentFactor(quantity, node) : 1;
    const samples = line ? lastBefore(line.t, scene.to) - Math.max(lastBefore(line.t, scene.from), 0) : Infinity;
    if (line && samples < scene.plot.width)
        pathSamples(c, scene, line, factor);
    else
        pathColumns(c, scene, grid.hi, grid.lo, node * grid.columns);
    c.strokeStyle = shownLine.style;
    c.lineWidth = shownLine.isWeak ? 1 : 1.6;
    c.globalAlpha = shownLine.isWeak ? 0.45 : 1;
    c.lineJoin = c.lineCap = 'round';
    c.stroke();
    c.globalAlpha = 1;
}

/** Returns where a node's line ends in the plot, null if it is outside.
 * @param {Scene} scene @param {number} node
 * @returns {{t: number, value: number} | null} */
function lineEnd(scene, node) {
    const {grid, quantity} = scene, line = quantity.lines[node];
    const factor = scene.inPercent ? percentFactor(quantity, node) : 1;
    if (line)
        return line.count && line.tLast[line.count - 1] <= scene.to && line.tLast[line.count - 1] >= scene.from
            ? {t: line.tLast[line.count - 1], value: line.last[line.count - 1] * factor} : null;
    let column = grid.columns - 1;
    while (column >= 0 && Number.isNaN(grid.hi[node * grid.columns + column]))
        column--;
    const t = grid.from + (column + 0.5) / grid.columns * (grid.to - grid.from);
    return column >= 0 && t >= scene.from && t <= scene.to ? {t, value: grid.hi[node * grid.columns + column]} : null;
}

/** @param {CanvasRenderingContext2D} c
 * @param {Scene} scene @param {number} x @param {number} y @param {string} style */
function drawCross(c, scene, x, y, style) {
    for (const [width, colour] of /** @type {[number, string][]} */ ([[5, scene.theme.background], [2, style]])) {
        drawStroke(c, x - 4, y - 4, x + 4, y + 4, colour, [], width);
        drawStroke(c, x - 4, y + 4, x + 4, y - 4, colour, [], width);
    }
}

/** Draws vertical lines of events in a rectangle.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene @param {Rect} rect */
function drawEvents(c, scene, rect) {
    for (const event of scene.events) {
        const x = crisp(xOf(scene, event.at_s));
        if (x >= rect.x && x <= rect.x + rect.width + 1)
            drawStroke(c, x, rect.y, x, rect.y + rect.height, scene.theme.title, [2, 3]);
    }
}

/** Draws flags of the events above the plot, with their texts if they fit.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene */
function drawFlags(c, scene) {
    const {plot, theme} = scene, right = plot.x + plot.width;
    let free = -Infinity;
    scene.events.forEach((event, i) => {
        const x = crisp(xOf(scene, event.at_s)), next = scene.events[i + 1];
        if (x < plot.x || x > right + 1)
            return;
        c.fillStyle = theme.title;
        c.fillRect(x, plot.y, 6, 6);
        c.font = `${SMALL}px ${FONT}`;
        const width = Math.min(next ? xOf(scene, next.at_s) : Infinity, right + 12) - x - 14;
        const text = width > 24 && x >= free ? fitText(c, shown(event.text, 60), width) : '';
        if (text) {
            drawText(c, text, x + 9, plot.y + 8, {style: theme.title, size: SMALL, halo: theme.background});
            free = x + 9 + c.measureText(text).width + 6;
        }
    });
}

/** Returns the last visible value of another run's line, 0 if there is none.
 * @param {Scene} scene @param {{line: Line | null, columns: Float64Array | null, factor: number}} stroke */
function endOf(scene, stroke) {
    const {line, columns, factor} = stroke;
    if (line) {
        const i = lastBefore(line.t, scene.to);
        return i < 0 ? 0 : line.last[i] * factor;
    }
    let i = columns ? Math.min(Math.floor((scene.to - scene.begin) / (scene.end - scene.begin) * columns.length), columns.length) - 1 : -1;
    while (columns && i >= 0 && Number.isNaN(columns[i]))
        i--;
    return columns && i >= 0 ? columns[i] * factor : 0;
}

/** Draws the names of lines and levels to the right of the plot.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene */
function drawSide(c, scene) {
    const {plot} = scene;
    const labels = scene.levels.map(level => ({y: yOf(scene, level.value), text: level.text, style: level.style, bold: false}));
    for (const line of scene.lines) {
        if (line.isWeak)
            continue;
        const end = lineEnd(scene, line.node), i = line.node * scene.grid.columns;
        const factor = scene.inPercent ? percentFactor(scene.quantity, line.node) : 1;
        const value = scene.isOverview ? newsOf(scene.quantity)[line.node] * factor : end ? end.value : scene.grid.hi[i + scene.grid.columns - 1];
        labels.push({y: yOf(scene, value === value ? value : 0), text: line.label, style: line.style, bold: true});
    }
    for (const run of scene.runs) {
        const stroke = run.strokes.reduce((best, other) => !best || endOf(scene, other) > endOf(scene, best) ? other : best, run.strokes[0]);
        if (stroke)
            labels.push({y: yOf(scene, endOf(scene, stroke)), text: run.name, style: run.isPale ? scene.theme.text : run.style, bold: false});
    }
    const places = pushApart(labels.map(label => Math.min(Math.max(label.y, plot.y), plot.y + plot.height)), 15, plot.y, plot.y + plot.height + 4);
    labels.forEach((label, i) => {
        c.font = `${label.bold ? 'bold ' : ''}${TEXT}px ${FONT}`;
        const text = fitText(c, label.text, scene.width - plot.x - plot.width - 14);
        drawText(c, text, plot.x + plot.width + 12, places[i] + 4, {style: label.style, bold: label.bold});
    });
}

/** Draws the plot of lines or bands.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene */
function drawPlot(c, scene) {
    const {plot, theme, bands} = scene;
    drawValueAxis(c, scene);
    drawText(c, scene.plotCaption, plot.x, plot.y - 10, {style: theme.text, size: SMALL});
    c.save();
    c.beginPath();
    c.rect(plot.x, plot.y - 3, plot.width, plot.height + 6);
    c.clip();
    for (const level of scene.levels.filter(other => !other.isDashed)) { // shades the area beyond a limit
        const y = Math.max(yOf(scene, level.value), plot.y), from = level.isFloor ? y : plot.y, to = level.isFloor ? plot.y + plot.height : y;
        c.globalAlpha = LIMIT_SHADE;
        c.fillStyle = level.style;
        c.fillRect(plot.x, from, plot.width, to - from);
        c.globalAlpha = 1;
    }
    if (bands && scene.isOverview) {
        drawBand(c, scene, bands.max, bands.min, theme.band_pale);
        drawBand(c, scene, bands.high, bands.low, theme.band_strong);
        pathColumns(c, scene, bands.median, bands.median, 0);
        c.strokeStyle = theme.median;
        c.lineWidth = 1.6;
        c.stroke();
    }
    drawRuns(c, scene);
    for (const level of scene.levels)
        drawStroke(c, plot.x, crisp(yOf(scene, level.value)), plot.x + plot.width, crisp(yOf(scene, level.value)), level.style,
            level.isDashed ? [5, 4] : [], level.isDashed ? 1 : 1.5);
    drawEvents(c, scene, plot);
    for (const line of scene.lines)
        drawLine(c, scene, line);
    c.restore();
    for (const line of scene.lines) {
        const end = scene.early.has(line.node) && !line.isWeak && lineEnd(scene, line.node);
        if (end)
            drawCross(c, scene, xOf(scene, end.t), yOf(scene, end.value), line.style);
    }
    drawFlags(c, scene);
    drawPeak(c, scene);
    if (!scene.isNarrow)
        drawSide(c, scene);
}

/** Draws a ring at the highest peak or the lowest minimum, with its value.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene */
function drawPeak(c, scene) {
    const {peak, plot, theme} = scene;
    if (!peak || peak.t < scene.from || peak.t > scene.to)
        return;
    const x = xOf(scene, peak.t), y = yOf(scene, peak.value);
    c.beginPath();
    c.arc(x, y, 4, 0, 2 * Math.PI);
    c.fillStyle = theme.background;
    c.fill();
    c.strokeStyle = peak.style;
    c.lineWidth = 1.6;
    c.stroke();
    c.font = `bold ${SMALL}px ${FONT}`;
    const half = c.measureText(peak.text).width / 2, low = plot.x + half, high = plot.x + plot.width - half;
    drawText(c, peak.text, Math.min(Math.max(x, low), Math.max(high, low)), y - 10, {style: peak.style, align: 'center', size: SMALL,
        bold: true, halo: theme.background});
}

/** Returns the cells of nodes as an image of visible columns x rows. If nodes share a row, it shows the highest (the lowest if low values
 * matter), or the one farthest from the median.
 *
 * @param {Scene} scene @param {number[]} order @param {number} begin @param {number} end columns @param {number} rows
 * @param {boolean} isDeviation */
function heatImage(scene, order, begin, end, rows, isDeviation) {
    const {grid, bands, range, quantity} = scene, {hi, lo} = grid, width = end - begin, colours = isDeviation ? scene.heatColours : scene.valueColours;
    const image = new ImageData(width, rows), pixels = new Uint32Array(image.data.buffer), most = new Float32Array(width);
    const steps = colours.length - 2, median = bands && bands.median;
    const factor = isDeviation ? steps / 2 / range : steps / (scene.focusTop * scene.unit.size), zero = isDeviation ? 1 + steps / 2 : 1;
    for (let row = 0; row < rows; row++) {
        most.fill(NaN);
        for (let place = rowFirst(row, rows, order.length); place < rowFirst(row + 1, rows, order.length); place++) {
            const from = order[place] * grid.columns + begin;
            if (isDeviation && median)
                for (let i = 0; i < width; i++) {
                    const value = (hi[from + i] + lo[from + i]) / 2 - median[begin + i];
                    if (!(Math.abs(value) <= Math.abs(most[i])) && value === value)
                        most[i] = value;
                }
            else if (quantity.isLow)
                for (let i = 0; i < width; i++) {
                    if (!(lo[from + i] >= most[i]) && lo[from + i] === lo[from + i])
                        most[i] = lo[from + i];
                }
            else
                for (let i = 0; i < width; i++)
                    if (!(hi[from + i] <= most[i]) && hi[from + i] === hi[from + i])
                        most[i] = hi[from + i];
        }
        for (let i = 0; i < width; i++)
            pixels[row * width + i] = most[i] === most[i] ? colours[Math.min(Math.max(Math.round(zero + most[i] * factor), 1), steps + 1)] : 0;
    }
    return image;
}

/** Returns the hatching of missing data, in pixels of the canvas as in the plot.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene */
function missingPattern(c, scene) {
    const tile = document.createElement('canvas'), t = /** @type {CanvasRenderingContext2D} */ (tile.getContext('2d'));
    tile.width = tile.height = HATCH_PX;
    t.fillStyle = scene.theme.missing;
    t.fillRect(0, 0, HATCH_PX, HATCH_PX);
    t.fillStyle = scene.theme.missing_hatch;
    for (let x = 0; x < HATCH_PX; x++)
        t.fillRect(x, (HATCH_PX - x) % HATCH_PX, 1, 1);
    return /** @type {CanvasPattern} */ (c.createPattern(tile, 'repeat'));
}

/** Draws the cells of nodes in a rectangle.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene @param {Rect} rect @param {number[]} order @param {boolean} isDeviation */
function drawHeatCells(c, scene, rect, order, isDeviation) {
    const {grid} = scene, span = (grid.to - grid.from) / grid.columns;
    const begin = Math.max(Math.floor((scene.from - grid.from) / span + 1e-6), 0);
    const end = Math.min(Math.ceil((scene.to - grid.from) / span - 1e-6), grid.columns);
    const rows = Math.min(order.length, Math.max(1, Math.round(rect.height * scene.ratio)));
    if (end <= begin || order.length === 0)
        return;
    const image = heatImage(scene, order, begin, end, rows, isDeviation), cells = document.createElement('canvas');
    cells.width = image.width;
    cells.height = rows;
    /** @type {CanvasRenderingContext2D} */ (cells.getContext('2d')).putImageData(image, 0, 0);
    c.save();
    c.beginPath();
    c.rect(rect.x, rect.y, rect.width, rect.height);
    c.clip();
    c.imageSmoothingEnabled = false;
    const x0 = xOf(scene, grid.from + begin * span), x1 = xOf(scene, grid.from + end * span);
    c.fillStyle = missingPattern(c, scene);
    c.fillRect(x0, rect.y, x1 - x0, rect.height);
    c.drawImage(cells, x0, rect.y, x1 - x0, rect.height);
    c.restore();
}

/** Draws a separate row for each coloured node if there are too many nodes to see each.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene */
function drawFocus(c, scene) {
    const {focus, focusRect, theme} = scene;
    drawHeatCells(c, scene, focusRect, focus, false);
    if (focus.length && scene.focusCaption) {
        drawText(c, '0', focusRect.x, focusRect.y - 5, {style: theme.text, size: SMALL});
        drawColours(c, scene.valueColours, {x: focusRect.x + 11, y: focusRect.y - 13, width: 90, height: 8});
        drawText(c, fitText(c, scene.focusCaption, focusRect.width - 110), focusRect.x + 106, focusRect.y - 5, {style: theme.text, size: SMALL});
    }
    focus.forEach((node, place) => {
        const y = focusRect.y + (place + 0.5) * focusRect.height / focus.length, style = scene.colourOf.get(node) || theme.text;
        c.font = `bold ${SMALL}px ${FONT}`;
        drawText(c, fitText(c, shown(scene.data.names[node]), focusRect.x - 12), focusRect.x - 8, y + 4, {style, align: 'right', size: SMALL, bold: true});
        const reason = scene.isNarrow ? '' : fitClauses(c, scene.reasons.get(node) || '', scene.width - focusRect.x - focusRect.width - 14);
        drawText(c, reason, focusRect.x + focusRect.width + 12, y + 4, {style: theme.title, size: SMALL});
        if (place > 0)
            drawStroke(c, focusRect.x, y - focusRect.height / focus.length / 2, focusRect.x + focusRect.width, y - focusRect.height / focus.length / 2, theme.background);
    });
}

/** Draws names of rows where there is space, those of coloured nodes first.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene */
function drawNames(c, scene) {
    const {heat, order, theme, colourOf} = scene, width = heat.x - 12;
    const taken = /** @type {number[]} */ ([]);
    const put = (/** @type {number} */ place) => {
        const y = Math.min(Math.max(rowY(scene, place), heat.y + 5), heat.y + heat.height - 4), node = order[place];
        if (taken.some(other => Math.abs(other - y) < 13))
            return;
        taken.push(y);
        const style = colourOf.get(node);
        c.font = `${style ? 'bold ' : ''}${SMALL}px ${FONT}`;
        drawText(c, fitText(c, shown(scene.data.names[node]), width), heat.x - 8, y + 4,
            {style: style || theme.text, align: 'right', size: SMALL, bold: Boolean(style)});
    };
    const coloured = [...order.keys()].filter(place => colourOf.has(order[place]));
    for (const place of coloured) {
        c.fillStyle = /** @type {string} */ (colourOf.get(order[place]));
        c.fillRect(heat.x - 4, rowY(scene, place) - Math.max(1, heat.height / order.length / 2 - 1), 4, Math.max(2, heat.height / order.length - 2));
        put(place);
    }
    const step = Math.max(1, Math.ceil(14 * order.length / heat.height));
    for (let place = 0; place < order.length; place += step)
        put(place);
}

/** Draws all colours of a scale in a rectangle, from its lower or left end.
 * @param {CanvasRenderingContext2D} c @param {Uint32Array} colours
 * @param {Rect} rect */
function drawColours(c, colours, rect) {
    const isUpright = rect.height > rect.width, length = Math.max(Math.round(Math.max(rect.width, rect.height)), 1), steps = colours.length - 1;
    for (let i = 0; i < length; i++) {
        const colour = colours[1 + Math.floor((isUpright ? length - 1 - i : i) / length * steps)];
        c.fillStyle = `rgb(${colour & 255},${colour >> 8 & 255},${colour >> 16 & 255})`;
        c.fillRect(isUpright ? rect.x : rect.x + i, isUpright ? rect.y + i : rect.y, isUpright ? rect.width : 1.5, isUpright ? 1.5 : rect.height);
    }
}

/** Draws the scale of colours: to the right, or above at the right in a narrow view.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene */
function drawBar(c, scene) {
    const {heat, theme, isNarrow, heatColours, heatValue} = scene, {min, max} = heatValue;
    if (isNarrow) {
        const high = c.measureText((min < 0 ? '+' : '') + formatQuantity(max)).width, x = heat.x + heat.width - 64 - high;
        drawColours(c, heatColours, {x, y: heat.y - 18, width: 60, height: 8});
        drawText(c, min < 0 ? '\u2212' + formatQuantity(max) : '0', x - 4, heat.y - 10, {style: theme.text, align: 'right', size: SMALL});
        drawText(c, (min < 0 ? '+' : '') + formatQuantity(max), x + 64, heat.y - 10, {style: theme.text, size: SMALL});
        return;
    }
    const x = heat.x + heat.width + 12, y = heat.y, length = heat.height;
    drawColours(c, heatColours, {x, y, width: 14, height: length});
    for (const tick of heatValue.ticks) {
        const at = y + length * (1 - (tick.value - min) / (max - min));
        drawStroke(c, x + 14, crisp(at), x + 18, crisp(at), theme.axis);
        drawText(c, tick.text, x + 22, Math.min(Math.max(at + 4, y + 9), y + length + 4), {style: theme.text});
    }
    for (const level of scene.range ? [] : scene.levels) { // the limit on the scale of values
        const at = y + length * (1 - (level.value / scene.unit.size - min) / (max - min));
        if (!level.isDashed && at >= y && at <= y + length)
            drawStroke(c, x - 3, crisp(at), x + 20, crisp(at), level.style, [], 2);
    }
    if (heatValue.ticks.length)
        drawText(c, fitText(c, min < 0 ? `${scene.unit.name} from median` : scene.unit.name, scene.width - x - 4), x, y - 10, {style: theme.text, size: SMALL});
}

/** Draws the heatmap of all nodes.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene */
function drawHeat(c, scene) {
    const {heat, theme} = scene;
    c.font = `${SMALL}px ${FONT}`;
    drawText(c, fitText(c, scene.heatCaption, heat.width - (scene.isNarrow ? 140 : 0)), heat.x, heat.y - 10, {style: theme.text, size: SMALL});
    drawFocus(c, scene);
    drawHeatCells(c, scene, heat, scene.order, scene.range > 0);
    drawEvents(c, scene, scene.focusRect);
    drawEvents(c, scene, heat);
    drawNames(c, scene);
    drawBar(c, scene);
}

/** Draws the whole plot, including the background.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene */
function drawScene(c, scene) {
    c.fillStyle = scene.theme.background;
    c.fillRect(0, 0, scene.width, scene.height);
    c.textBaseline = 'alphabetic';
    drawPlot(c, scene);
    drawTimeAxis(c, scene, scene.plot, scene.heat.height === 0);
    if (scene.heat.height > 0) {
        drawHeat(c, scene);
        drawTimeAxis(c, scene, scene.heat, true);
    }
}
