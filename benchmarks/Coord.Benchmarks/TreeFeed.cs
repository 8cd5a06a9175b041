using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Benchmarks;

/// <summary>A tree and one session, fed with entries as a leader makes them.</summary>
internal sealed class TreeFeed
{
    private const int TimeoutMs = 10_000;
    private const long Start = 1_700_000_000_000;

    // An encoded list of no identities.
    private static readonly byte[] s_nobody = [0, 0, 0, 0];

    private readonly EntryHeader _header;
    private readonly byte[] _opening;
    private readonly List<byte[]>? _applied;
    private long _sequence;
    private long _index;

    public TreeFeed()
    {
        var header = new EntryHeader { OriginNode = 1, OriginStart = 1, IdentitiesLength = s_nobody.Length };
        var opening = Next(header with { Command = EntryCommand.CreateSession, IdentitiesLength = 0 });
        var hash = new byte[EntryCodec.PasswordHashLength];
        _opening = EntryCodec.Session(opening, TimeoutMs, hash);
        var opened = Tree.Apply(++_index, _opening);
        _header = header with
        {
            Command = EntryCommand.Request,
            SessionId = opened.SessionId,
            Attachment = opened.Zxid,
        };
    }

    public ZnodeTree Tree { get; } = new(indexSeed: 1);

    /// <summary>Where all applied entries are noted, to be applied again to another tree.</summary>
    public List<byte[]> Applied
    {
        init
        {
            _applied = value;
            _applied.Add(_opening);
        }
    }

    /// <summary>The entry of a request, to be applied any number of times.</summary>
    public byte[] Entry(byte[] frame) => EntryCodec.Request(_header, s_nobody, frame.AsSpan(Requests.OperationOffset));

    /// <summary>Applies the entry as the next one of its origin.</summary>
    public ErrorCode Apply(byte[] entry)
    {
        Next(_header).Write(entry);
        _applied?.Add([.. entry]);
        return Tree.Apply(++_index, entry).Error;
    }

    /// <summary>Creates so many znodes below the parent, which it creates first.</summary>
    public void Fill(string parent, int count)
    {
        Apply(Entry(Requests.Create(parent)));
        for (var i = 0; i < count; i++)
            Apply(Entry(Requests.Create($"{parent}/n{i:d9}")));
    }

    private EntryHeader Next(EntryHeader header) =>
        header with { OriginSequence = ++_sequence, TimeMs = Start + _sequence };
}
