using System.Runtime.CompilerServices;
using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>
/// Scans the segments of a log, oldest first, and judges what it finds (raft-design 11, "Reading back"). It changes
/// nothing on disk. Entries are not kept: only their places and terms, and what the core needs at start.
/// </summary>
internal sealed class LogScan
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly NodeLimits _limits;
    private readonly long _durableBatch;
    private readonly List<TermRun> _termRuns = [];
    private readonly List<Entry> _coreEntries = [];
    private LogTail _tail;

    public LogScan(IFileSystem files, string directory, NodeLimits limits, long durableBatch)
    {
        _files = files;
        _directory = directory;
        _limits = limits;
        _durableBatch = durableBatch;
    }

    public EntryPositions Positions { get; } = new(BatchEncoder.PlaceBytes);

    public IReadOnlyList<TermRun> TermRuns => _termRuns;

    /// <summary>Entries of memberships and feature levels that nothing replaced (raft-design M4, P12).</summary>
    public IReadOnlyList<Entry> CoreEntries => _coreEntries;

    /// <summary>The end of the last complete batch.</summary>
    public LogTail Tail => _tail;

    /// <summary>Behind the tail: the end of a torn batch, or the tail itself (raft-design P20).</summary>
    public long WrittenEnd { get; private set; }

    /// <summary>How many of the segments hold what was read.</summary>
    public int SegmentsRead { get; private set; }

    /// <summary>Why what follows the tail cannot be trusted; null: the log is sound.</summary>
    public LogDamage? Damage { get; private set; }

    /// <summary>After damage: how many segments to leave out to begin behind it.</summary>
    public int SegmentsToSkip { get; private set; }

    /// <summary>
    /// Whether a node can go on from what was read: it begins with the first entry, or a snapshot stands for all
    /// before it.
    /// </summary>
    public bool IsUsable { get; private set; }

    /// <summary>Scans the segments up to the end of the log, or to the first damage.</summary>
    public void Run(IReadOnlyList<SegmentFile> segments)
    {
        for (var i = 0; i < segments.Count && Damage is null; i++)
            ReadSegment(segments[i], isFirst: i == 0, isLast: i == segments.Count - 1);

        if (SegmentsRead == 0)
            return;

        var first = segments[0].Header!;
        IsUsable = _tail.Mark.Index.Value >= first.FirstIndex - 1;
        if (Damage is null && !IsUsable)
            RefuseGapBefore(first, segments.Count);

        ReportTermsFromFirstEntry();
    }

    private void ReadSegment(SegmentFile file, bool isFirst, bool isLast)
    {
        SegmentsToSkip = SegmentsRead + 1;
        if (file.Header is not { } segment)
        {
            Damage = new LogDamage(file.Path, 0, file.Fault);
            return;
        }

        if (isFirst)
            Begin(segment);

        if (!Continues(segment, isFirst))
        {
            SegmentsToSkip = SegmentsRead;
            Damage = new LogDamage(file.Path, 0, "the segment does not continue the one before it");
            return;
        }

        SegmentsRead++;
        _tail.Segment = segment;
        _tail.Offset = SegmentHeader.Length;
        _tail.IsClosed = false;
        try
        {
            Scan(segment, file.Path, isLast);
        }
        catch (IOException e)
        {
            // A sector that cannot be read is as lost as one that was changed.
            Refuse(file.Path, _tail.Offset, $"it cannot be read: {e.Message}");
        }
    }

    private void Begin(SegmentHeader first)
    {
        Positions.Reset(first.FirstIndex - 1);
        _tail.HardState = first.HardState;
        _tail.Mark = first.Mark;
        _tail.Batch = first.FirstBatch - 1;
        _tail.Crc = first.PreviousCrc;
    }

    private bool Continues(SegmentHeader segment, bool isFirst) =>
        segment.PreviousCrc == _tail.Crc && segment.FirstBatch == _tail.Batch + 1
        && segment.FirstIndex == Positions.LastIndex + 1 && segment.HardState == _tail.HardState
        && segment.Mark == _tail.Mark && (isFirst || _tail.IsClosed);

    // raft-design P11, P21: what is not the last segment was complete and durable before the next was begun.
    private void Scan(SegmentHeader segment, string path, bool isLast)
    {
        using var window = new FileWindow(_files.Open(path, FileOpen.Read), _limits.LogScanBytes, retain: false);
        var scanner = new BatchScanner(window, segment);
        var result = scanner.ReadBatch();
        while (result == ScanResult.Batch && TryTake(scanner, segment.Number, path))
            result = scanner.ReadBatch();

        if (Damage is not null)
            return;

        if (result == ScanResult.SegmentEnd)
            AdvanceTail(scanner, isClosed: true);

        if (window.Length != segment.FileLength)
            Refuse(path, window.Length, $"the file had {segment.FileLength} bytes when it was made");
        else if (result == ScanResult.Invalid && !isLast)
            Refuse(path, scanner.FaultOffset, scanner.Fault);
        else if (isLast)
            JudgeEnd(segment, path, window, scanner, result);
    }

    private void JudgeEnd(
        SegmentHeader segment, string path, FileWindow window, BatchScanner scanner, ScanResult result)
    {
        WrittenEnd = _tail.Offset;
        if (result == ScanResult.Invalid)
        {
            var judge = new TailJudge(window, segment.Salt);
            var verdict = judge.Judge(scanner, _durableBatch);
            WrittenEnd = judge.WrittenEnd;
            if (verdict == TailVerdict.Corrupt)
                Refuse(path, scanner.FaultOffset, judge.Reason);
        }
        else if (_durableBatch > scanner.Batch)
        {
            Refuse(path, scanner.Offset, $"batch {_durableBatch} was durable and is missing");
        }
    }

    // A batch is taken whole or not at all (raft-design P11).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryTake(BatchScanner scanner, long segment, string path)
    {
        if (FindFault(scanner.Frames) is { } fault)
        {
            Refuse(path, fault.Offset, fault.What);
            return false;
        }

        var core = 0;
        foreach (ref readonly var frame in scanner.Frames)
        {
            Take(frame, segment);
            if (frame.IsForCore)
                _coreEntries.Add(scanner.CoreEntries[core++]);
        }

        AdvanceTail(scanner, isClosed: false);
        return true;
    }

    private void AdvanceTail(BatchScanner scanner, bool isClosed)
    {
        _tail.Offset = scanner.Offset;
        _tail.Batch = scanner.Batch;
        _tail.Crc = scanner.Crc;
        _tail.IsClosed = isClosed;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (long Offset, string What)? FindFault(ReadOnlySpan<StagedFrame> frames)
    {
        var last = Positions.LastIndex;
        foreach (ref readonly var frame in frames)
        {
            if (frame.Kind == FrameKind.Entry && (frame.Index < 1 || frame.Index > last + 1))
                return (frame.Offset, $"entry {frame.Index} follows entry {last}");

            if (frame.Kind == FrameKind.SnapshotMark && !frame.IsReset && frame.Index > last)
                return (frame.Offset, $"a snapshot of entry {frame.Index}, which the log does not hold");

            if (frame.Kind == FrameKind.Entry || frame.IsReset)
                last = frame.Index;
        }

        return null;
    }

    private void Take(in StagedFrame frame, long segment)
    {
        switch (frame.Kind)
        {
            case FrameKind.Entry:
                TakeEntry(frame, segment);
                break;
            case FrameKind.TermAndVote:
                NodeId? vote = frame.VotedFor == 0 ? null : new NodeId(frame.VotedFor);
                _tail.HardState = new HardState(new Term(frame.Term), vote);
                break;
            default:
                TakeMark(frame);
                break;
        }
    }

    // raft-design P12: an entry replaces everything at and above its index, memberships too (M4).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeEntry(in StagedFrame frame, long segment)
    {
        while (_termRuns.Count > 0 && _termRuns[^1].FirstIndex.Value >= frame.Index)
            _termRuns.RemoveAt(_termRuns.Count - 1);

        while (_coreEntries.Count > 0 && _coreEntries[^1].Index.Value >= frame.Index)
            _coreEntries.RemoveAt(_coreEntries.Count - 1);

        if (_termRuns.Count == 0 || _termRuns[^1].Term.Value != frame.Term)
            _termRuns.Add(new TermRun(new LogIndex(frame.Index), new Term(frame.Term)));

        Positions.Add(frame.Index, segment, frame.Offset, frame.PreviousCrc, frame.Length);
    }

    private void TakeMark(in StagedFrame frame)
    {
        if (frame.IsReset)
        {
            Positions.Reset(frame.Index);
            _termRuns.Clear();
            _coreEntries.Clear();
        }

        _tail.Mark = new SnapshotMark(new LogIndex(frame.Index), new Term(frame.Term));
    }

    // Segments are deleted only when a snapshot stands for them: where more is missing, a segment has been lost.
    private void RefuseGapBefore(SegmentHeader first, int segments)
    {
        SegmentsToSkip = segments;
        Refuse(
            Path.Combine(_directory, first.FileName),
            0,
            $"the log begins after entry {first.FirstIndex - 1}, its snapshot ends with {_tail.Mark.Index}");
    }

    private void Refuse(string path, long offset, string what) =>
        Damage = new LogDamage(path, offset, $"corruption: {what}");

    // A segment may begin with entries that replaced older ones of a segment that is gone.
    private void ReportTermsFromFirstEntry()
    {
        while (_termRuns.Count > 1 && _termRuns[1].FirstIndex.Value <= Positions.FirstIndex)
            _termRuns.RemoveAt(0);

        if (_termRuns.Count > 0)
            _termRuns[0] = new TermRun(new LogIndex(Positions.FirstIndex), _termRuns[0].Term);
    }
}
