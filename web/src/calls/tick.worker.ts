// Counts ten seconds, for signs of life: browsers slow the timers of a hidden tab to one a minute, not those of a worker.
setInterval(() => postMessage(null), 10_000);
