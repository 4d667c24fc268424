'use strict';

/** Decodes base64.
 * @param {string} base64 */
function decode(base64) {
    if ('fromBase64' in Uint8Array)
        return /** @type {any} */ (Uint8Array).fromBase64(base64);
    const text = atob(base64), bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++)
        bytes[i] = text.charCodeAt(i);
    return bytes;
}

/** Inflates deflated bytes in base64.
 * @param {string} base64 */
function inflate(base64) {
    return new Response(new Blob([decode(base64.trim())]).stream().pipeThrough(new (/** @type {any} */ (self).DecompressionStream)('deflate')));
}

/** If the browser lacks what the page needs, shows the plot for browsers without JavaScript.
 * @param {unknown} error */
function showStill(error) {
    const still = document.getElementById('still'), words = document.createElement('p'), image = document.createElement('img');
    const source = /src="(data:image\/png;base64,[^"]*)"/.exec(still && still.textContent || '');
    image.src = source ? source[1] : 'data:,';
    image.alt = document.title;
    words.textContent = `This browser cannot show the interactive page (${error instanceof Error ? error.message : error}); here is the plot.`;
    document.body.replaceChildren(words, image);
}

(async () => {
    try {
        const script = document.createElement('script'), code = /** @type {HTMLElement} */ (document.getElementById('code'));
        script.textContent = await inflate(code.textContent || '').text();
        document.body.append(script);
    } catch (error) {
        showStill(error);
    }
})();
