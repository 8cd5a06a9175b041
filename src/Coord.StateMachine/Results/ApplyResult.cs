using System.Buffers;
using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// What one entry did. The tree owns the one instance and fills it again with the next entry: read what is needed
/// before that.
/// </summary>
public sealed class ApplyResult
{
    private const int ErrorResultLength = MultiHeader.EncodedLength + sizeof(int);

    private byte[] _paths = new byte[256];
    private int _pathBytes;
    private OperationResult[] _operations = new OperationResult[4];
    private int _operationCount;
    private ChangeRecord[] _changes = new ChangeRecord[4];
    private int _changeCount;
    private byte[]? _firstBody;

    internal ApplyResult()
    {
    }

    /// <summary>How the entry was taken.</summary>
    public ApplyOutcome Outcome { get; internal set; }

    /// <summary>
    /// The reply's error code. An aborted multi has <see cref="ErrorCode.Ok"/>: its codes are in the body.
    /// </summary>
    public ErrorCode Error { get; internal set; }

    /// <summary>The entry's index.</summary>
    public long Zxid { get; private set; }

    /// <summary>
    /// The zxid of the reply: the entry's, or that of the entry that took effect when this one repeats it.
    /// </summary>
    public long ReplyZxid { get; private set; }

    /// <summary>The entry's header; its command is <see cref="EntryCommand.None"/> when it could not be read.</summary>
    public EntryHeader Header { get; internal set; }

    /// <summary>The node whose client asked; 0 for what the leader made itself.</summary>
    public int OriginNode => Header.OriginNode;

    /// <summary>Which start of that node's process.</summary>
    public long OriginStart => Header.OriginStart;

    /// <summary>The entry's number at its origin.</summary>
    public long OriginSequence => Header.OriginSequence;

    /// <summary>The opcode of a client's request, otherwise 0.</summary>
    public OpCode Operation { get; internal set; }

    /// <summary>What happened to the session named by <see cref="SessionId"/>.</summary>
    public SessionEffect SessionEffect { get; internal set; }

    /// <summary>The session of the entry; for a creation the new id, which is the entry's index.</summary>
    public long SessionId { get; internal set; }

    /// <summary>
    /// The session that was created or re-attached; its attachment is <see cref="Zxid"/>. Otherwise 0.
    /// </summary>
    public long AttachedSession =>
        SessionEffect is SessionEffect.Created or SessionEffect.Reattached ? SessionId : 0;

    /// <summary>The session that ended, or 0.</summary>
    public long EndedSession => SessionEffect == SessionEffect.Ended ? SessionId : 0;

    /// <summary>
    /// What watches may wait for, in the order in which they are to fire; valid until the next entry.
    /// </summary>
    public ChangeList Changes => new(_changes.AsSpan(0, _changeCount), _paths);

    /// <summary>Bytes that <see cref="WriteReplyBody"/> writes.</summary>
    public int ReplyBodyLength => _firstBody is { } first ? first.Length
        : Error != ErrorCode.Ok ? 0
        : IsMulti ? MultiBodyLength() : SingleBodyLength();

    /// <summary>The quota that the request exceeds, the last if there are several; null when it keeps all.</summary>
    public QuotaExcess? QuotaExcess { get; internal set; }

    /// <summary>A multi of which nothing took place: answered well, with its codes in the body.</summary>
    public bool IsAborted =>
        IsMulti && Error == ErrorCode.Ok && _operationCount > 0 && _operations[0].Type == OpCode.Error;

    internal bool IsMulti { get; set; }

    internal ReadOnlySpan<OperationResult> Operations => _operations.AsSpan(0, _operationCount);

    /// <summary>
    /// Writes the response record behind the reply header. An error has none, nor have delete and the end of a session.
    /// </summary>
    public void WriteReplyBody(ref JuteWriter writer)
    {
        if (_firstBody is { } first)
        {
            writer.WriteRaw(first);
            return;
        }

        if (Error != ErrorCode.Ok)
            return;

        foreach (ref readonly var operation in Operations)
        {
            if (IsMulti)
                new MultiHeader(operation.Type, IsLast: false, operation.Error).Write(ref writer);
            WriteOperation(ref writer, operation);
        }

        if (IsMulti)
            MultiHeader.End.Write(ref writer);
    }

    internal void Begin(long zxid)
    {
        Outcome = ApplyOutcome.Applied;
        Error = ErrorCode.Ok;
        Zxid = zxid;
        ReplyZxid = zxid;
        _firstBody = null;
        Header = default;
        Operation = default;
        SessionEffect = SessionEffect.None;
        SessionId = 0;
        IsMulti = false;
        QuotaExcess = null;
        DropDetails();
    }

    /// <summary>Forgets changes and operations: none of them took place.</summary>
    internal void DropDetails()
    {
        if (QuotaExcess is { IsRefused: false })
            QuotaExcess = null;
        _changeCount = 0;
        _operationCount = 0;
        _pathBytes = 0;
    }

    /// <summary>The entry repeats one that took effect: the reply is the one that was given then.</summary>
    internal void AnswerAgain(in RememberedResult first)
    {
        ReplyZxid = first.Zxid;
        _firstBody = first.Body;
    }

    internal byte[] CopyReplyBody()
    {
        if (ReplyBodyLength == 0)
            return [];
        var body = new ArrayBufferWriter<byte>(ReplyBodyLength);
        var writer = new JuteWriter(body);
        WriteReplyBody(ref writer);
        writer.Complete();
        return body.WrittenSpan.ToArray();
    }

    /// <summary>Keeps a copy of a path, for operations and changes to refer to.</summary>
    internal int KeepPath(ReadOnlySpan<byte> path)
    {
        int offset = _pathBytes;
        if (_paths.Length - offset < path.Length)
            Array.Resize(ref _paths, Math.Max(_paths.Length * 2, offset + path.Length));
        path.CopyTo(_paths.AsSpan(offset));
        _pathBytes += path.Length;
        return offset;
    }

    internal void AddChange(WatchEventType type, int pathOffset, int pathLength, byte[]? acl)
    {
        if (_changeCount == _changes.Length)
            Array.Resize(ref _changes, _changeCount * 2);
        _changes[_changeCount++] = new ChangeRecord(type, pathOffset, pathLength, acl);
    }

    internal void AddOperation(in OperationResult operation)
    {
        if (_operationCount == _operations.Length)
            Array.Resize(ref _operations, _operationCount * 2);
        _operations[_operationCount++] = operation;
    }

    private void WriteOperation(ref JuteWriter writer, in OperationResult operation)
    {
        if (operation.Type == OpCode.Error)
            writer.WriteInt32((int)operation.Error);
        if (operation.HasPath)
            writer.WriteBuffer(_paths.AsSpan(operation.PathOffset, operation.PathLength));
        if (operation.HasStat)
            operation.Stat.Write(ref writer);
        if (operation.Type == OpCode.CreateRank)
        {
            writer.WriteInt32(operation.Rank.Position);
            writer.WriteBuffer(_paths.AsSpan(operation.Rank.NameOffset, operation.Rank.NameLength));
        }

        if (operation.Type == OpCode.CounterAdd)
            new CounterAddResponse(operation.Counter.Before, operation.Counter.After, operation.Stat).Write(ref writer);
    }

    private int SingleBodyLength() => _operationCount == 0 ? 0 : _operations[0].BodyLength;

    private int MultiBodyLength()
    {
        int length = MultiHeader.EncodedLength;
        foreach (ref readonly var operation in Operations)
        {
            length += operation.Type == OpCode.Error
                ? ErrorResultLength
                : MultiHeader.EncodedLength + operation.BodyLength;
        }

        return length;
    }
}
