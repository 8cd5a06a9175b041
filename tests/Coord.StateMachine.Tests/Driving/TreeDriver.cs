using System.Text;
using Coord.Protocol;

namespace Coord.StateMachine.Tests;

/// <summary>Feeds a tree with entries as a leader would, each with the next index, time and origin sequence.</summary>
internal sealed class TreeDriver
{
    public const long StartTime = 1_700_000_000_000;

    public TreeDriver(ZnodeTree? tree = null)
    {
        Tree = tree ?? new ZnodeTree();
        NextIndex = Tree.AppliedIndex + 1;
    }

    public ZnodeTree Tree { get; }

    public long NextIndex { get; set; }

    public long NextSequence { get; set; } = 1;

    /// <summary>Flags of the entries from now on.</summary>
    public EntryFlags Flags { get; set; }

    /// <summary>Every entry applied, with its index.</summary>
    public List<(long Index, byte[] Entry)> Log { get; } = [];

    /// <summary>What the last entry did, until the next one.</summary>
    public ApplyResult? Last { get; private set; }

    public long TimeOf(long index) => StartTime + (index * 10);

    public TestSession Connect(int timeoutMs = 10_000, byte password = 1)
    {
        byte[] hash = Hash(password);
        var reply = Apply(EntryCodec.Session(Header(EntryCommand.CreateSession, new(0, 0, [])), timeoutMs, hash));
        return new TestSession(reply.SessionId, reply.Zxid, hash);
    }

    /// <summary>Attaches a session anew; the caller's copy then knows the new attachment.</summary>
    public Reply Reattach(ref TestSession session, int timeoutMs = 10_000, byte? password = null)
    {
        byte[] hash = password is { } other ? Hash(other) : session.PasswordHash;
        var reply = Apply(EntryCodec.Session(Header(EntryCommand.ReattachSession, session), timeoutMs, hash));
        if (reply.Effect == SessionEffect.Reattached)
            session = session with { Attachment = reply.Zxid };
        return reply;
    }

    public Reply Close(TestSession session) =>
        Apply(EntryCodec.SessionEnd(Header(EntryCommand.CloseSession, session)));

    public Reply Expire(TestSession session) =>
        Apply(EntryCodec.SessionEnd(new EntryHeader(
            EntryCommand.ExpireSession, EntryFlags.None, OriginNode: 0, 0, 0, TimeOf(NextIndex), session.Id,
            Attachment: 0, 0)));

    /// <summary>The leader's sweep of a znode.</summary>
    public Reply Sweep(string path, long czxid, long neverUsedMs = 0, long laterMs = 0)
    {
        var header = new EntryHeader { Command = EntryCommand.Sweep, TimeMs = TimeOf(NextIndex) + laterMs };
        return Apply(EntryCodec.Sweep(
            header, new SweepCandidate(Encoding.UTF8.GetBytes(path), czxid), neverUsedMs));
    }

    public Reply Run(TestSession session, ZnodeRequest request) => Apply(Entry(session, request));

    /// <summary>Runs a request that must succeed.</summary>
    public Reply Do(TestSession session, ZnodeRequest request)
    {
        var reply = Run(session, request);
        Assert.Equal((ApplyOutcome.Applied, ErrorCode.Ok), (reply.Outcome, reply.Error));
        return reply;
    }

    public byte[] Entry(TestSession session, ZnodeRequest request, byte[]? identities = null) => EntryCodec.Request(
        Header(EntryCommand.Request, session), identities ?? session.EncodedIdentities, request.Encode());

    public Reply Apply(byte[] entry)
    {
        long index = NextIndex++;
        Log.Add((index, entry));
        Last = Tree.Apply(index, entry);
        return Reply.Of(Last);
    }

    /// <summary>The Stat of a znode that exists.</summary>
    public Stat Stat(string path)
    {
        Assert.Equal(ErrorCode.Ok, Tree.Exists(Encoding.UTF8.GetBytes(path), out var stat));
        return stat;
    }

    public bool Exists(string path) => Tree.Exists(Encoding.UTF8.GetBytes(path), out _) == ErrorCode.Ok;

    /// <summary>The data of a znode that exists; null for null data.</summary>
    public string? Value(string path)
    {
        Assert.Equal(ErrorCode.Ok, Tree.TryGetData(Encoding.UTF8.GetBytes(path), out var data, out bool isNull, out _));
        return isNull ? null : Encoding.UTF8.GetString(data);
    }

    /// <summary>The ACL of a znode that exists, as it is kept.</summary>
    public (int Permissions, string? Scheme, string? Id)[] Acl(string path)
    {
        Assert.Equal(ErrorCode.Ok, Tree.TryGetAcl(Encoding.UTF8.GetBytes(path), out var acl, out _));
        return Wire.ReadAcl(acl);
    }

    /// <summary>How many znodes are below one that exists.</summary>
    public int Descendants(string path)
    {
        Assert.Equal(ErrorCode.Ok, Tree.TryCountDescendants(Encoding.UTF8.GetBytes(path), out int count));
        return count;
    }

    /// <summary>The names of a znode's children, sorted.</summary>
    public string[] Children(string path)
    {
        Assert.Equal(ErrorCode.Ok, Tree.TryGetChildren(Encoding.UTF8.GetBytes(path), out var children, out _));
        var names = new List<string>();
        foreach (var name in children)
            names.Add(Encoding.UTF8.GetString(name));
        Assert.Equal(names.Count, children.Count);
        return [.. names.Order(StringComparer.Ordinal)];
    }

    public EntryHeader Header(EntryCommand command, TestSession session) => new(
        command, Flags, OriginNode: 1, OriginStart: 1, OriginSequence: NextSequence++, TimeOf(NextIndex),
        session.Id, session.Attachment, IdentitiesLength: 0);

    private static byte[] Hash(byte password)
    {
        byte[] hash = new byte[EntryCodec.PasswordHashLength];
        hash.AsSpan().Fill(password);
        return hash;
    }
}
