/** The 33 landmarks of BlazePose: which are joined, which are pairs. */

export const N_LANDMARKS = 33;

/** One body: 33 times x, y, z, visibility. `image` in pixels of the upright picture, `world` in metres about the hips. */
export interface Pose {
  image: Float32Array;
  world: Float32Array;
}

/** Lines of the drawn skeleton. */
export const BONES: ReadonlyArray<readonly [number, number]> = [
  [11, 12], [11, 23], [12, 24], [23, 24],
  [11, 13], [13, 15], [15, 19], [12, 14], [14, 16], [16, 20],
  [23, 25], [25, 27], [27, 29], [29, 31], [27, 31],
  [24, 26], [26, 28], [28, 30], [30, 32], [28, 32],
];

/** The joints that get a dot. */
export const JOINTS: readonly number[] = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28, 31, 32];

export function at(points: Float32Array, i: number): { x: number; y: number; z: number; v: number } {
  const k = 4 * i;
  return { x: points[k] ?? NaN, y: points[k + 1] ?? NaN, z: points[k + 2] ?? NaN, v: points[k + 3] ?? 0 };
}
