// Records the steps of one client, as ../steps.py says them: one is announced when all that is in it has held.
"use strict";

const assert = require("node:assert/strict");

const STEPS = ["sign_in", "lists", "create", "credit", "read_back", "attach", "validation_error", "stale_write"];

exports.recorder = (client) => async (name, act) => {
  assert.ok(STEPS.includes(name), `${name} is none of the steps`);
  const answer = await act();
  console.log(`step ${client} ${name}`);
  return answer;
};
