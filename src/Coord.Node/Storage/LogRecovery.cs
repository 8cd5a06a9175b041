using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>
/// Scans the segments of a log, oldest first, and judges what it finds (raft-design 11, "Reading back"). Entries are
/// not kept: only their places and terms.
/// </summary>
internal sealed class LogRecovery
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly NodeLimits _limits;
    private readonly long _durableBatch;
    private readonly List<TermRun> _termRuns = [];
    private readonly EntryPositions _positions = new(BatchEncoder.PlaceBytes);
    private LogTail _tail;
    private long _cutBytes;

    public LogRecovery(IFileSystem files, string directory, NodeLimits limits, long durableBatch)
    {
        _files = files;
        _directory = directory;
        _limits = limits;
        _durableBatch = durableBatch;
    }

    public EntryPositions Positions => _positions;

    public IReadOnlyList<TermRun> TermRuns => _termRuns;

    public LogTail Tail => _tail;

    public long CutBytes => _cutBytes;

    /// <summary>After a failure: how many segments to leave out to begin behind what is damaged.</summary>
    public int SegmentsToSkip { get; private set; }

    /// <summary>Scans the segments; throws where the log cannot be trusted.</summary>
    public void Run(IReadOnlyList<SegmentFile> segments)
    {
        for (var i = 0; i < segments.Count; i++)
        {
            SegmentsToSkip = i + 1;
            var segment = segments[i].Header ?? throw new DataUnusableException(segments[i].Path, 0, segments[i].Fault);
            if (i == 0)
                Begin(segment);

            SegmentsToSkip = i;
            RequireContinues(segment, isFirst: i == 0);
            SegmentsToSkip = i + 1;
            Scan(segment, isLast: i == segments.Count - 1);
        }

        SegmentsToSkip = 0;
        RequireReachesSnapshot(segments[0].Header!);
        ReportTermsFromFirstEntry();
    }

    private void Begin(SegmentHeader first)
    {
        _positions.Reset(first.FirstIndex - 1);
        _tail.HardState = first.HardState;
        _tail.Mark = first.Mark;
        _tail.Batch = first.FirstBatch - 1;
        _tail.Crc = first.PreviousCrc;
    }

    private void RequireContinues(SegmentHeader segment, bool isFirst)
    {
        var continues = segment.PreviousCrc == _tail.Crc && segment.FirstBatch == _tail.Batch + 1
            && segment.FirstIndex == _positions.LastIndex + 1 && segment.HardState == _tail.HardState
            && segment.Mark == _tail.Mark && (isFirst || _tail.IsClosed);
        if (!continues)
            throw new DataUnusableException(PathOf(segment), 0, "the segment does not continue the one before it");
    }

    // raft-design P11, P21: what is not the last segment was complete and durable before the next was begun.
    private void Scan(SegmentHeader segment, bool isLast)
    {
        var path = PathOf(segment);
        using var window = new FileWindow(_files.Open(path, FileOpen.Read), _limits.LogScanBytes, retain: false);
        if (window.Length != segment.FileLength)
        {
            throw new DataUnusableException(
                path, window.Length, $"corruption: the file had {segment.FileLength} bytes when it was made");
        }

        var scanner = new BatchScanner(window, segment);
        var result = scanner.ReadBatch();
        for (; result == ScanResult.Batch; result = scanner.ReadBatch())
            Take(scanner.Frames, segment.Number, path);

        if (result == ScanResult.Invalid && !isLast)
            throw new DataUnusableException(path, scanner.FaultOffset, $"corruption: {scanner.Fault}");

        if (isLast)
            FinishTail(segment, window, scanner, result);

        _tail.Segment = segment;
        _tail.Offset = scanner.Offset;
        _tail.Batch = scanner.Batch;
        _tail.Crc = scanner.Crc;
        _tail.IsClosed = result == ScanResult.SegmentEnd;
    }

    private void FinishTail(SegmentHeader segment, FileWindow window, BatchScanner scanner, ScanResult result)
    {
        var path = PathOf(segment);
        var judge = new TailJudge(window, segment.Salt);
        var verdict = TailVerdict.Clean;
        if (result == ScanResult.Invalid)
            verdict = judge.Judge(scanner, _durableBatch);
        else if (_durableBatch > scanner.Batch)
            throw Corrupt(path, scanner.Offset, $"batch {_durableBatch} was durable and is missing");

        if (verdict == TailVerdict.Corrupt)
            throw Corrupt(path, scanner.FaultOffset, judge.Reason);

        // Flushed in any case: what a killed process wrote may so far stand in the page cache only, and is about to
        // be called durable. raft-design P20: cut before anything is appended, so that no crash revives old bytes.
        using var file = _files.Open(path, FileOpen.Existing);
        if (verdict == TailVerdict.Torn)
        {
            _cutBytes = judge.WrittenEnd - scanner.Offset;
            WriteZeros(file, scanner.Offset, judge.WrittenEnd);
        }

        file.FlushData();
    }

    private static void WriteZeros(IFile file, long from, long to)
    {
        var zeros = new byte[(int)Math.Min(to - from, 1024 * 1024)];
        for (var offset = from; offset < to; offset += zeros.Length)
            file.Write(offset, zeros.AsSpan(0, (int)Math.Min(zeros.Length, to - offset)));
    }

    private void Take(IReadOnlyList<StagedFrame> frames, long segment, string path)
    {
        foreach (var frame in frames)
        {
            switch (frame.Kind)
            {
                case FrameKind.Entry:
                    TakeEntry(frame, segment, path);
                    break;
                case FrameKind.TermAndVote:
                    NodeId? vote = frame.VotedFor == 0 ? null : new NodeId(frame.VotedFor);
                    _tail.HardState = new HardState(new Term(frame.Term), vote);
                    break;
                default:
                    TakeMark(frame, path);
                    break;
            }
        }
    }

    private void TakeEntry(in StagedFrame frame, long segment, string path)
    {
        if (frame.Index < 1 || frame.Index > _positions.LastIndex + 1)
        {
            throw Corrupt(
                path, frame.Offset, $"entry {frame.Index} follows entry {_positions.LastIndex}");
        }

        while (_termRuns.Count > 0 && _termRuns[^1].FirstIndex.Value >= frame.Index)
            _termRuns.RemoveAt(_termRuns.Count - 1);

        if (_termRuns.Count == 0 || _termRuns[^1].Term.Value != frame.Term)
            _termRuns.Add(new TermRun(new LogIndex(frame.Index), new Term(frame.Term)));

        _positions.Add(frame.Index, segment, frame.Offset, frame.PreviousCrc, frame.Length);
    }

    private void TakeMark(in StagedFrame frame, string path)
    {
        if (frame.IsReset)
        {
            _positions.Reset(frame.Index);
            _termRuns.Clear();
        }
        else if (frame.Index > _positions.LastIndex)
        {
            throw Corrupt(path, frame.Offset, $"a snapshot of entry {frame.Index}, which the log does not hold");
        }

        _tail.Mark = new SnapshotMark(new LogIndex(frame.Index), new Term(frame.Term));
    }

    // Segments are deleted only when a snapshot stands for them: where more is missing, a segment has been lost.
    private void RequireReachesSnapshot(SegmentHeader first)
    {
        if (_tail.Mark.Index.Value < first.FirstIndex - 1)
        {
            throw Corrupt(
                PathOf(first),
                0,
                $"the log begins after entry {first.FirstIndex - 1}, its snapshot ends with {_tail.Mark.Index}");
        }
    }

    // A segment may begin with entries that replaced older ones of a segment that is gone.
    private void ReportTermsFromFirstEntry()
    {
        while (_termRuns.Count > 1 && _termRuns[1].FirstIndex.Value <= _positions.FirstIndex)
            _termRuns.RemoveAt(0);

        if (_termRuns.Count > 0)
            _termRuns[0] = new TermRun(new LogIndex(_positions.FirstIndex), _termRuns[0].Term);
    }

    private static DataUnusableException Corrupt(string path, long offset, string what) =>
        new(path, offset, $"corruption: {what}");

    private string PathOf(SegmentHeader segment) => Path.Combine(_directory, segment.FileName);
}
