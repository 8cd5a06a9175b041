using Coord.Fuzz.Bytes;
using Coord.Fuzz.Files;
using Coord.Fuzz.Runs;
using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Fuzz.Targets;

/// <summary>
/// Recovery of a log whose segments were changed. Without a word of damage it may leave out no batch that the
/// watermark knows, and at most one that it does not know; with one, what is left is what the log was after some batch.
/// Then the log goes on: the next start finds the same, and an append after it.
/// </summary>
internal sealed class SegmentsTarget : IFuzzTarget
{
    private const int CasesPerLog = 128;

    private SampleLog _log = null!;
    private ulong _logSeed = ulong.MaxValue;
    private long _whole;
    private long _cut;
    private long _damaged;
    private long _refused;

    public string Name => "segments";

    // Both recoveries, a write, and copies of all segments.
    public long AllocationMax => 8 << 20;

    public void Prepare(ulong seed)
    {
        if (_logSeed == seed / CasesPerLog)
            return;

        _logSeed = seed / CasesPerLog;
        _log = new SampleLog(new CaseRandom(_logSeed));
    }

    public void Run(CaseRandom random)
    {
        var files = _log.Files.Copy();
        var isMutated = random.Chance(0.99);
        if (isMutated)
            Mutate(files, random);

        var known = random.Chance(0.5) ? _log.LastBatch : 0;
        try
        {
            Recover(files, random, known, isMutated);
        }
        catch (DataUnusableException)
        {
            // Documented: the files of another node, or of a newer version.
            _refused++;
            if (!isMutated)
                throw new FuzzFailedException("a sound log is refused");
        }
    }

    public string Describe() => $"whole={_whole} cut={_cut} damaged={_damaged} refused={_refused}";

    private void Recover(MemoryFiles files, CaseRandom random, long known, bool isMutated)
    {
        string? marked = null;
        var recovered = SampleLog.Recover(files, known, why => marked = why);
        if (recovered.Damage != marked)
            throw new FuzzFailedException($"damage \"{recovered.Damage}\" was marked as \"{marked}\"");

        var state = LogState.Of(recovered);
        var batch = _log.FindState(state, recovered.Damage is not null)
            ?? throw new FuzzFailedException($"recovered what the log never was: {state}");
        Count(recovered, batch, known, isMutated);
        GoOn(files, recovered, state, random);
    }

    private void Count(RecoveredLog recovered, int batch, long known, bool isMutated)
    {
        if (recovered.Damage is not null)
        {
            _damaged++;
            if (!isMutated)
                throw new FuzzFailedException($"a sound log is called damaged: {recovered.Damage}");

            return;
        }

        if (batch == _log.States.Count - 1)
        {
            _whole++;
            return;
        }

        _cut++;
        if (known > 0 || !isMutated)
            throw new FuzzFailedException($"the log was cut after state {batch} of {_log.States.Count - 1} in silence");
    }

    private static void GoOn(MemoryFiles files, RecoveredLog recovered, LogState state, CaseRandom random)
    {
        var again = LogState.Of(SampleLog.Recover(files, 0, why => throw new FuzzFailedException(
            $"the next start finds damage in a log that was mended: {why}")));
        if (!again.Equals(state))
            throw new FuzzFailedException($"the next start finds {again} instead of {state}");

        using var writer = SampleLog.WriterFor(files, recovered);
        var term = recovered.TermRuns.Count > 0 ? recovered.TermRuns[^1].Term : recovered.Mark.Term;
        var entry = new Entry(term, recovered.LastIndex.Next, EntryKind.Command, random.Bytes(random.Below(900)));
        writer.Enqueue(new LogAppend(1, null, entry.Index, [entry]));
        writer.RunOnce();
        var after = LogState.Of(SampleLog.Recover(files, 0, why => throw new FuzzFailedException(
            $"an append to a mended log is found damaged: {why}")));
        if (!after.Equals(state.With(entry)))
            throw new FuzzFailedException($"after an append to {state} the next start finds {after}");
    }

    private static void Mutate(MemoryFiles files, CaseRandom random)
    {
        var paths = files.Paths.Where(p => p.EndsWith(SegmentFiles.Extension, StringComparison.Ordinal)).ToArray();
        for (var count = random.Chance(0.8) ? 1 : random.Between(2, 3); count > 0; count--)
        {
            var path = random.Chance(0.5) ? paths[^1] : random.Pick(paths);
            if (!files.Exists(path))
                continue;

            switch (random.Below(20))
            {
                case 0:
                    files.Delete(path);
                    break;
                case 1:
                    files.Replace(path, files.BytesOf(random.Pick(files.Paths.ToArray())));
                    break;
                default:
                    MutateBytes(files, path, random);
                    break;
            }
        }
    }

    // The zeros behind the last batch are most of a segment: changes there say little.
    private static void MutateBytes(MemoryFiles files, string path, CaseRandom random)
    {
        var bytes = files.BytesOf(path);
        var written = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        var other = files.BytesOf(random.Pick(files.Paths.ToArray()));
        var part = random.Chance(0.9) ? Math.Min(bytes.Length, written + random.Below(600)) : bytes.Length;
        var changed = random.Chance(0.9)
            ? Mutation.InPlace(bytes[..part], other, random)
            : Mutation.Of(bytes[..part], other, random);
        files.Replace(path, [.. changed, .. bytes[part..]]);
    }
}
