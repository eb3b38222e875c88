/** Colours on the picture: told apart by the common kinds of colour blindness, none of them alone (see draw/style.py). */

export const OK = "#3adbaa";
export const FAULT = "#ff5630";
export const UNKNOWN = "#9ca4b2";
export const NEUTRAL = "#dee4ec";
export const AMBER = "#ffc43d";
export const INK = "#0f141e";
export const WHITE = "#f6f8fb";
