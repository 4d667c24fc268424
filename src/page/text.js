// Numbers, sizes and times as text: the same rules and words as units.c, so that page and plot agree.
'use strict';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const UNKNOWN = '–';

/** Like printf's %.*f: exact ties go to the even digit, which toFixed does not do.
 *
 * @param {number} value @param {number} decimals */
function fixed(value, decimals) {
    const power = 10 ** decimals, scaled = Math.abs(value) * power;
    const isTie = scaled % 1 === 0.5 && Number.isInteger(value * 2 ** (decimals + 1));
    const text = isTie ? (Math.floor(scaled / 2 + 0.25) * 2 / power).toFixed(decimals) : Math.abs(value).toFixed(decimals);
    return (value < 0 ? '-' : '') + text;
}

/** @param {string} text */
function trimZeros(text) {
    return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

/** One decimal from 1 up, none from 1000 up, two significant digits below 1.
 * @param {number} value */
function formatQuantity(value) {
    const magnitude = Math.abs(value);
    let decimals = magnitude >= 999.95 ? 0 : 1;
    if (magnitude > 0 && magnitude < 0.9995) {
        decimals = 1 - Math.floor(Math.log10(magnitude));
        if (decimals > 9)
            return value.toExponential(1);
    }
    return trimZeros(fixed(value, decimals));
}

/** Returns the 1024-based unit in which a number of bytes is easiest to read.
 *
 * @param {number} bytes @returns {{name: string, size: number}} */
function unitFor(bytes) {
    let step = 0;
    while (step + 1 < UNITS.length && bytes >= 1024 ** (step + 1))
        step++;
    return {name: UNITS[step], size: 1024 ** step};
}

/** Returns a value with its unit. If it is too small for `unit`, it gets a smaller one.
 *
 * @param {number} value @param {{name: string, size: number}} unit */
function formatSize(value, unit) {
    if (Number.isNaN(value))
        return UNKNOWN;
    const magnitude = Math.abs(value) / unit.size;
    const known = UNITS.indexOf(unit.name);
    if (known > 0 && unit.size === 1024 ** known && magnitude > 0 && magnitude < 0.01)
        unit = unitFor(Math.abs(value));
    return formatQuantity(value / unit.size) + (unit.name ? ' ' + unit.name : '');
}

/** Returns how many decimals numbers up to `max` need to be compared in one column: 0 to 6.
 * @param {number} max */
function columnDecimals(max) {
    return Math.min(max >= 1000 ? 0 : max >= 1 || !(max > 0) ? 1 : 2 - Math.ceil(Math.log10(max)), 6);
}

/** @param {number} number */
function two(number) {
    return String(number).padStart(2, '0');
}

/** A point in elapsed time: "0:05", "0:12:34", "3d 4:05:06".
 * @param {number} seconds */
function formatClock(seconds) {
    const whole = Math.floor(Math.max(seconds, 0) + 0.5), days = Math.floor(whole / 86400), rest = whole % 86400;
    const hours = Math.floor(rest / 3600), minutes = Math.floor(rest / 60) % 60, left = two(rest % 60);
    if (days > 0)
        return `${days}d ${hours}:${two(minutes)}:${left}`;
    return hours > 0 || minutes >= 10 ? `${hours}:${two(minutes)}:${left}` : `${minutes}:${left}`;
}

/** Returns the local time of day, with the date if the day is not that of time 0.
 *
 * @param {number} seconds of the plot @param {{epoch_s: number, zone_s: number}} clock */
function formatMoment(seconds, clock) {
    const zero = clock.epoch_s + clock.zone_s, local = Math.floor(zero + seconds + 0.5);
    const date = new Date(local * 1000);
    const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
    if (Math.floor(local / 86400) === Math.floor(Math.floor(zero + 0.5) / 86400))
        return time;
    return `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${time}`;
}

/** Returns a duration in at most two parts: "0.5 s", "22 min", "2 h 10 min".
 * @param {number} seconds */
function formatDuration(seconds) {
    const minutes = Math.floor(seconds / 60 + 0.5), whole = Math.floor(seconds + 0.5);
    const pair = (/** @type {number} */ all, /** @type {number} */ part, /** @type {string} */ big, /** @type {string} */ small) =>
        `${Math.floor(all / part)} ${big}` + (all % part ? ` ${all % part} ${small}` : '');
    if (whole < 60)
        return (seconds < 10 ? String(Number(seconds.toPrecision(2))) : fixed(seconds, 0)) + ' s';
    if (seconds < 600 && whole % 60)
        return pair(whole, 60, 'min', 's');
    if (minutes < 60)
        return `${minutes} min`;
    if (minutes < 1440)
        return pair(minutes, 60, 'h', 'min');
    return pair(Math.floor(seconds / 3600 + 0.5), 24, 'd', 'h');
}

/** "1st", "2nd", "11th".
 * @param {number} number */
function ordinal(number) {
    const ten = number % 100 >= 11 && number % 100 <= 13 ? 0 : number % 10;
    return number + (['th', 'st', 'nd', 'rd'][ten] || 'th');
}

/** "1 node", "2 nodes".
 * @param {number} number @param {string} word */
function plural(number, word) {
    return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** A cell of the table, as `--stats` prints it.
 *
 * @param {number} value @param {string} kind @param {{name: string, size: number}} unit */
function formatCell(value, kind, unit) {
    if (Number.isNaN(value))
        return UNKNOWN;
    switch (kind) {
    case 'count':
        return fixed(value, 0);
    case 'duration':
        return formatDuration(value);
    case 'clock':
        return formatClock(value);
    case 'percent':
        return fixed(value, 0) + ' %';
    case 'change':
        return (value < 0 ? '' : '+') + fixed(value / unit.size, 2);
    case 'duration_change':
        return (value < 0 ? '-' : '+') + formatDuration(Math.abs(value));
    default:
        return fixed(value / unit.size, Math.abs(value / unit.size) < 100 ? 2 : 1);
    }
}

/** Returns text for one cell of TSV or one line of a message, without tabs, line ends and control characters.
 * @param {string} text */
function oneLine(text) {
    // eslint-disable-next-line no-control-regex
    return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ');
}

/** Returns a name for the screen. Direction marks cannot reorder the text next to it; very long names are shortened in the middle.
 *
 * @param {string} name @param {number} [most] characters */
function shown(name, most = 40) {
    const clean = oneLine(name).replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
    const points = clean.length > most ? Array.from(clean) : [];
    if (points.length <= most)
        return clean;
    const half = (most - 1) / 2;
    return points.slice(0, Math.ceil(half)).join('') + '…' + points.slice(points.length - Math.floor(half)).join('');
}
