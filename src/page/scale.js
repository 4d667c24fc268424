// Axes with ticks at round values: the same steps and texts as scale.c.
'use strict';

/** @typedef {{min: number, max: number, step: number, ticks: {value: number, text: string}[], minor: number[], caption: string, end: string}} Scale */

const MINUTE = 60, HOUR = 3600, DAY = 86400, TICKS_MAX = 32;
const TICKS_MIN = 4, TICKS_MOST = 6, EXTEND_MAX = 1.25; // of an axis of values, and how much it may grow for its fourth tick
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1200, 1800, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR,
    12 * HOUR, DAY, 2 * DAY, 7 * DAY];
const MINOR_STEPS = new Map([[MINUTE, 15], [120, 30], [300, MINUTE], [600, 120], [900, 300], [1200, 300], [1800, 600], [HOUR, 900], [2 * HOUR, 1800],
    [3 * HOUR, HOUR], [4 * HOUR, HOUR], [6 * HOUR, HOUR], [12 * HOUR, 3 * HOUR], [DAY, 6 * HOUR], [2 * DAY, 12 * HOUR], [7 * DAY, DAY]]);
const MINOR_MAX = 128;

/** Returns the smallest of 1, 2, 5 times a power of ten that is at least `rough`.
 * @param {number} rough */
function stepDecimal(rough) {
    const power = 10 ** Math.floor(Math.log10(rough));
    return ([1, 2, 5].find(factor => factor * power >= rough * (1 - 1e-9)) || 10) * power;
}

/** Returns ticks from 0 to `max` at a step.
 * @param {number} max @param {number} step */
function countTicks(max, step) {
    return Math.floor(max / step * (1 + 1e-12)) + 1;
}

/** Returns the smallest power of two, at least 1/4, with at most `most` ticks up to `max`; three times a power of two if that gives
 * more ticks.
 * @param {number} max @param {number} most */
function stepBinary(max, most) {
    let step = 0.25;
    while (countTicks(max, step) > most)
        step *= 2;
    const other = step * 0.75;
    return other >= 0.75 && countTicks(max, step) < Math.min(TICKS_MIN, most) && countTicks(max, other) <= most ? other : step;
}

/** Returns the smallest of 1, 2, 5 times a power of ten with at most `most` ticks up to `max`.
 * @param {number} max @param {number} most */
function stepTicks(max, most) {
    let step = stepDecimal(max / most / 10);
    while (countTicks(max, step) > most)
        step = stepDecimal(step * 1.01);
    return step;
}

/** @param {number} most */
function limitTicks(most) {
    return Math.min(Math.max(Math.floor(most), 2), TICKS_MOST);
}

/** @param {number} min
 * @param {number} max @param {number} step @returns {Scale} */
function putTicks(min, max, step) {
    let decimals = step >= 1 ? 0 : Math.ceil(-Math.log10(step) - 1e-9);
    const scaled = step * 10 ** decimals;
    if (decimals > 0 && Math.abs(scaled - Math.round(scaled)) > 1e-6)
        decimals++; // 0.25
    decimals = Math.min(decimals, 12);
    const ticks = [];
    for (let k = Math.ceil(min / step - 1e-9); ticks.length < TICKS_MAX; k++) {
        const value = k * step + 0;
        if (value > max + Math.abs(max) * 1e-12)
            break;
        ticks.push({value, text: max >= 1e15 ? value.toPrecision(3) : fixed(value, value === 0 ? 0 : decimals)});
    }
    return {min, max, step, ticks, minor: [], caption: '', end: ''};
}

/** Returns a scale from 0 to `max` of a unit, or slightly more for a fourth tick.
 * @param {number} max @param {number} ticksMax @param {boolean} binary */
function scaleMemory(max, ticksMax, binary) {
    const most = limitTicks(ticksMax), wanted = Math.min(TICKS_MIN, most) - 1;
    max = max > 0 && Number.isFinite(max) ? max : 1;
    const step = binary && max >= 1 ? stepBinary(max, most) : stepTicks(max, most);
    if (countTicks(max, step) <= wanted && step * wanted <= max * EXTEND_MAX)
        max = step * wanted;
    return putTicks(0, max, step);
}

/** Returns a scale of deviations from a median: from -range to range, with signs.
 * @param {number} range @param {number} ticksMax @param {boolean} binary */
function scaleDeviation(range, ticksMax, binary) {
    const most = Math.max(Math.floor((limitTicks(ticksMax) + 1) / 2), 2), step = scaleMemory(range, most, binary).step;
    range = range > 0 && Number.isFinite(range) ? range : 1;
    const scale = putTicks(-range, range, step);
    for (const tick of scale.ticks)
        tick.text = (tick.value < 0 ? '\u2212' : tick.value > 0 ? '+' : '') + tick.text.replace('-', ''); // a true minus is as wide as the plus, unlike a hyphen
    return scale;
}

/** Returns a scale from 0 to at least 100 percent.
 * @param {number} max @param {number} ticksMax */
function scalePercent(max, ticksMax) {
    const most = limitTicks(ticksMax);
    max = Math.max(max, 100);
    return putTicks(0, max, [10, 20, 25, 50, 100].find(step => countTicks(max, step) <= most) || stepTicks(max, most));
}

/** @param {number} span
 * @param {number} wish */
function stepTime(span, wish) {
    const rough = span / Math.max(wish, 1) * (1 - 1e-9);
    if (rough <= 0.5)
        return stepDecimal(rough);
    return TIME_STEPS.find(step => step >= rough) || DAY * stepDecimal(rough / DAY);
}

/** Returns the unit of the texts on an axis of elapsed time.
 * @param {number} step @param {number} end */
function timeCaption(step, end) {
    if (end < MINUTE + 1e-9 || (step < 1 && end < 10 * MINUTE))
        return 's';
    if (step >= DAY)
        return 'days';
    if (end >= 3 * DAY)
        return 'days h:min';
    if (step >= MINUTE && end > 20 * MINUTE)
        return 'h:min';
    return end >= HOUR ? 'h:min:s' : 'min:s';
}

/** @param {number} value
 * @param {string} caption */
function timeText(value, caption) {
    const whole = Math.floor(value + 0.5), days = Math.floor(whole / DAY);
    const minutes = two(Math.floor(whole / 60) % 60), seconds = two(whole % 60);
    switch (caption) {
    case 'days':
        return `${days} d`;
    case 'days h:min':
        return `${days}d ${Math.floor(whole / HOUR) % 24}:${minutes}`;
    case 'h:min':
        return `${Math.floor(whole / HOUR)}:${minutes}`;
    case 'h:min:s':
        return `${Math.floor(whole / HOUR)}:${minutes}:${seconds}`;
    default:
        return `${Math.floor(whole / MINUTE)}:${seconds}`;
    }
}

/** Returns minor ticks of a time axis, none if the step has no round part; `shift` is that of the local clock.
 * @param {Scale} scale @param {number} shift */
function putMinor(scale, shift) {
    const minor = MINOR_STEPS.get(scale.step) || 0;
    if (minor === 0 || (scale.max - scale.min) / minor > MINOR_MAX)
        return;
    for (let k = Math.ceil((scale.min + shift) / minor - 1e-9); k * minor - shift <= scale.max; k++)
        if (k * minor % scale.step !== 0)
            scale.minor.push(k * minor - shift);
}

/** Returns the text at the end of an axis of elapsed time.
 * @param {number} value @param {string} caption */
function endText(value, caption) {
    return caption === 's' ? formatQuantity(value) : caption === 'min:s' ? timeText(value, caption) : formatClock(value);
}

/** Returns a scale of elapsed time.
 * @param {number} from @param {number} to seconds @param {number} wish */
function scaleTime(from, to, wish) {
    to = to > from ? to : from + 1;
    const scale = putTicks(from, to, stepTime(to - from, wish));
    scale.caption = timeCaption(scale.step, to);
    if (scale.caption !== 's')
        for (const tick of scale.ticks)
            tick.text = tick.value === 0 ? '0' : timeText(tick.value, scale.caption);
    scale.end = endText(to, scale.caption);
    putMinor(scale, 0);
    return scale;
}

/** Returns the caption of an axis of clock times: "time of day, Nov 23 2024, UTC+1".
 * @param {number} local seconds since 1970 of the local clock @param {number} zone seconds ahead of UTC */
function clockCaption(local, zone) {
    const date = new Date(Math.floor(local + 0.5) * 1000), minutes = Math.round(Math.abs(zone) / 60), rest = minutes % 60;
    const offset = minutes ? (zone < 0 ? '-' : '+') + Math.floor(minutes / 60) + (rest ? ':' + two(rest) : '') : '';
    return `time of day, ${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${date.getUTCFullYear()}, UTC${offset}`;
}

/** Returns a scale of clock times.
 * @param {number} from @param {number} to @param {number} wish
 * @param {{epoch_s: number, zone_s: number}} clock */
function scaleClock(from, to, wish, clock) {
    const zero = clock.epoch_s + clock.zone_s;
    to = to > from ? to : from + 1;
    const scale = putTicks(from + zero, to + zero, Math.max(1, stepTime(to - from, wish)));
    for (const tick of scale.ticks) {
        const date = new Date(Math.floor(tick.value + 0.5) * 1000);
        const hour = two(date.getUTCHours()), minute = two(date.getUTCMinutes()), second = two(date.getUTCSeconds());
        const isMidnight = hour + minute + second === '000000';
        tick.text = isMidnight ? `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}`
            : scale.step < MINUTE ? `${hour}:${minute}:${second}` : `${hour}:${minute}`;
        tick.value -= zero;
    }
    Object.assign(scale, {min: from, max: to, caption: clockCaption(from + zero, clock.zone_s), end: formatMoment(to, clock)});
    putMinor(scale, zero);
    return scale;
}

/** Moves labels apart in their order, and within bounds if they fit.
 *
 * @param {number[]} wanted places @param {number} gap @param {number} low @param {number} high */
function pushApart(wanted, gap, low, high) {
    const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
    const place = wanted.slice();
    let free = low;
    for (const i of order) {
        place[i] = Math.max(place[i], free);
        free = place[i] + gap;
    }
    free = high;
    for (const i of order.reverse()) {
        place[i] = Math.min(place[i], free);
        free = place[i] - gap;
    }
    return place;
}
