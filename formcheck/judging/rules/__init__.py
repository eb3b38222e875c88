"""Judging movement in time: limits, phases, repetitions, holds, checks and scores. Knows no exercise."""
