using System.Buffers.Binary;
using Coord.Fuzz.Bytes;
using Coord.Fuzz.Clients;
using Coord.Fuzz.Runs;

namespace Coord.Fuzz.Targets;

/// <summary>
/// The client port of a whole node: handshake, framing, decoding, queue, log, apply, replies, watches. Each case is one
/// hostile connection with up to a hundred frames. Every request is answered once, in its turn, or the connection ends
/// for a reason that ZooKeeper has too; a session beside it notices nothing.
/// </summary>
internal sealed class ClientsTarget : IFuzzTarget
{
    private const int FramesMax = 100;
    private const int Event = -1;
    private const int HeaderBytes = 8;

    private static readonly int[] Lengths = [-1, 0, 1, 7, int.MinValue, int.MaxValue, 1_048_576];

    // What a connection may be closed with: unknown opcodes, failed authentication.
    private static readonly int[] Closing = [-6, -115, -124];

    private readonly SortedDictionary<int, long> _answers = [];
    private FuzzedNode? _node;
    private Bystander? _bystander;
    private long _frames;
    private long _closed;
    private long _refused;

    public string Name => "clients";

    // A node of its own for each case is not counted; a hundred frames of some hundred bytes, their entries, replies of
    // up to all paths there are, and what the tree and the log keep of them.
    public long AllocationMax => 24L * 1024 * 1024;

    public void Prepare(ulong seed)
    {
        _node = new FuzzedNode();
        SynchronizationContext.SetSynchronizationContext(_node);
        _bystander = new Bystander(_node);
    }

    public void Run(CaseRandom random)
    {
        var sessions = _node!.Tree.SessionCount;
        var connection = _node.Connect();
        if (Greet(connection, random))
            Attack(connection, random);
        else
            _refused++;

        _bystander!.Check();
        connection.HangUp();
        _node.Settle();
        Await(connection, "its client hung up");
        if (_node.Tree.SessionCount > sessions + 1)
            throw new FuzzFailedException("one connection made more than one session");
        _bystander.Check();
    }

    public string Describe() => $"frames={_frames} closed={_closed} refused={_refused} answers: "
        + string.Join(' ', _answers.Select(answer => $"{answer.Key}:{answer.Value}"));

    private bool Greet(MemoryConnection connection, CaseRandom random)
    {
        var payload = Bystander.Handshake();
        if (random.Chance(0.1))
            payload = Mutation.Of(payload, payload, random);
        connection.Send(Packets.Frame(payload));
        _node!.Settle();
        var answer = Packets.Cut(connection.Receive());
        return answer.Count == 1 && Packets.Int(answer[0], 4) > 0;
    }

    private void Attack(MemoryConnection connection, CaseRandom random)
    {
        var count = random.Between(1, FramesMax);
        var sent = 0;
        var isBroken = false;
        var types = new int[count];
        var other = SampleRequests.Of(random, 0);
        for (; sent < count && !isBroken; sent++)
        {
            var payload = Payload(random, sent, ref other);
            var frame = Packets.Frame(payload);
            if (random.Chance(0.002))
                BinaryPrimitives.WriteInt32BigEndian(frame, random.Pick(Lengths));
            isBroken = payload.Length < HeaderBytes || Packets.Int(frame, 0) != payload.Length;
            types[sent] = isBroken ? 0 : Packets.Int(payload, 4);

            // It ends the connection at once, and what is still under way then is not answered any more.
            if (isBroken)
                _node!.Settle();
            Send(connection, frame, random);
        }

        _frames += sent;
        _node!.Settle();
        if (isBroken)
        {
            // A length that is too long for what was sent is half a frame, and the node waits for the rest.
            connection.HangUp();
            _node.Settle();
        }

        Judge(connection, types.AsSpan(0, sent), isBroken);
    }

    private static byte[] Payload(CaseRandom random, int xid, ref byte[] other)
    {
        var request = SampleRequests.Of(random, xid);
        var payload = random.Chance(0.4) ? request : Mutation.Of(request, other, random);
        if (payload.Length < HeaderBytes && random.Chance(0.97))
            payload = request[..HeaderBytes];
        other = request;

        // The xid is how its reply is known; an opcode that is none ends the connection, and is drawn often enough.
        if (payload.Length >= HeaderBytes)
            request.AsSpan(0, random.Chance(0.995) ? HeaderBytes : sizeof(int)).CopyTo(payload);
        return payload;
    }

    // At once, or in two pieces; and at times the node runs in between.
    private void Send(MemoryConnection connection, byte[] frame, CaseRandom random)
    {
        var cut = random.Chance(0.2) ? random.Below(frame.Length + 1) : 0;
        connection.Send(frame.AsSpan(0, cut));
        if (random.Chance(0.1))
            _node!.Settle();
        connection.Send(frame.AsSpan(cut));
    }

    private void Judge(MemoryConnection connection, ReadOnlySpan<int> types, bool isBroken)
    {
        var answered = 0;
        var last = 0;
        foreach (var frame in Packets.Cut(connection.Receive()))
        {
            var xid = Packets.Int(frame, 0);
            if (xid == Event)
                continue;
            if (xid != answered)
                throw new FuzzFailedException($"request {answered} is skipped: the next reply is to {xid}");
            answered++;
            last = Packets.Int(frame, 12);
            _answers[last] = _answers.GetValueOrDefault(last) + 1;
        }

        if (answered == types.Length)
            return;

        _closed++;
        Await(connection, $"request {answered} of {types.Length}, type {types[answered]}, has no answer");
        var isEnd = types[answered] == SampleRequests.Auth // One that cannot be read.
            || (answered > 0 && (Closing.Contains(last) || types[answered - 1] == SampleRequests.CloseSession));
        if (!isEnd && !(isBroken && answered >= types.Length - 1))
            throw new FuzzFailedException($"the connection was closed behind reply {answered - 1}, which is {last}");
    }

    private void Await(MemoryConnection connection, string why)
    {
        if (!_node!.Finish(connection, TimeSpan.FromSeconds(30)))
            throw new FuzzFailedException($"the connection stays open, though {why}");
    }
}
