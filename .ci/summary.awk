# Reads what `dotnet test` printed and says it again in brief: a line for each test project, each failed test with the
# beginning of what it said, and last one line of sums. CI keeps only the end of its output: all of this fits into 8 KB.
# Set by the caller: code, the exit code of `dotnet test`; random_code, that of the simulator's random run; random_log,
# a file with what that run printed; faults_code and faults_log, the same of the faults on real processes.

BEGIN { details_max = 10; characters_max = 4000; width = 150; names_max = 15 }

# Several projects run side by side, and their lines come as they come.
/^Test run for / {
  project = $0
  sub(/\.dll .*/, "", project); sub(/.*\//, "", project)
  running[project] = 1
  section = ""
}

# "Passed!  - Failed:     0, Passed:    12, Skipped:     0, Total:    12, Duration: 925 ms - X.Tests.dll (net10.0)"
/^(Passed|Failed|Skipped)! +- Failed: / {
  section = ""
  n = split($0, part, ",")
  for (i = 1; i <= n; i++) {
    value = part[i]; gsub(/[^0-9]/, "", value)
    if (part[i] ~ /Failed:/) { failed += value; failed_here = value }
    else if (part[i] ~ /Passed:/) { passed += value; passed_here = value }
    else if (part[i] ~ /Skipped:/) { skipped += value; skipped_here = value }
  }
  duration = $0; sub(/.*Duration: /, "", duration); sub(/ - .*/, "", duration)
  project = $0; sub(/\.dll .*/, "", project); sub(/.* - /, "", project)
  line = project ": " passed_here " passed, " failed_here " failed, " skipped_here " skipped, " duration
  projects = projects line "\n"
  delete running[project]
  next
}

# The process of a project's tests died: those that had not ended are in no sum.
/^\[xUnit\.net [0-9:.]+\] +\[FATAL ERROR\]/ || /^The active test run was aborted/ {
  dead[names_of_running()] = 1
  section = ""
  next
}

# MSB4181 says no more than that tests failed.
/: error / && !/error MSB4181/ {
  if (!($0 in errors_seen) && errors_count++ < 5) problem($0)
  errors_seen[$0] = 1
}

# "  Failed Name.Of.A.Test [13 ms]", and below it "  Error Message:", "  Stack Trace:", "  Standard Output Messages:".
/^  Failed [^ ].* \[[^]]+\]$/ { begin_test($0); next }
/^  (Passed|Skipped) [^ ]/ || /^\[xUnit/ { section = ""; next }
section != "" && /^  Error Message:$/ { section = "message"; left = 8; next }
section != "" && /^  Stack Trace:$/ { section = "stack"; left = 5; next }
section != "" && /^  Standard (Output|Error) Messages:$/ { section = "output"; left = 4; next }
section == "" || left <= 0 || /^ *$/ || /^ +at System\./ { next }
{ left--; detail("    " $0) }

END {
  for (project in running) dead[project] = 1
  for (project in dead) { failed++; problem(project ": the test process died before all its tests had ended") }
  # A build that broke has neither a project nor a sum.
  if (code != 0 && failed == 0) { failed = 1; problem("dotnet test ended with " code) }
  if (code == 124 || code == 137) problem("dotnet test took too long and was ended")
  tell("random seeds", random_code, random_log)
  tell("faults on real processes", faults_code, faults_log)

  printf "\n%s%s%s", projects, details, problems
  if (names_count > 0) printf "\nfailed:\n%s", names
  if (names_count > names_max) printf "  and %d more\n", names_count - names_max
  printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
  exit (failed > 0 || passed < 3)
}

# A run that counts as one test: when it failed, what was wrong with the command that repeats it, and its last line.
function tell(name, its_code, its_log,    line, last, told) {
  if (its_code == 0) { passed++; return }
  failed++
  problem(name ": exit code " its_code)
  while ((getline line < its_log) > 0) {
    if (line ~ /^(replay|repeat): / && told++ < 5) problems = problems "  " line "\n"
    if (line ~ /^run [0-9]+ (is|does not count)/ && told < 5) problem("  " line)
    last = line
  }
  if (last != "") problem("  " last)
}

function begin_test(line) {
  sub(/^  Failed /, "", line)
  if (++names_count <= names_max) names = names "  " cut(line) "\n"
  section = "name"
  left = 1
  if (names_count <= details_max) detail("\n" line)
}

function detail(line) {
  line = cut(line) "\n"
  if (names_count <= details_max && length(details) + length(line) <= characters_max) details = details line
}

function problem(line) { problems = problems cut(line) "\n" }

# No line may take the room of all others, and none may end within a character.
function cut(line) {
  if (length(line) <= width) return line
  line = substr(line, 1, width)
  sub(/[\200-\377]+$/, "", line)
  return line "..."
}

# Whoever it was that died is among them.
function names_of_running(    name, names) {
  for (name in running) names = names (names == "" ? "" : " or ") name
  return names
}
