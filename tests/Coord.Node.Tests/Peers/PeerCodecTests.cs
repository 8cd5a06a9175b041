using System.Buffers.Binary;
using Coord.Node.Peers;
using Coord.Node.Storage;
using Coord.Raft;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.Node.Tests.Peers;

/// <summary>The bytes between nodes: fixed forever (raft-design I8), and safe whatever arrives.</summary>
public sealed class PeerCodecTests
{
    public static TheoryData<string, string> GoldenFrames => new()
    {
        { "vote", "1a000000" + "00000000" + "01000000" + I64(7) + I64(41) + I64(6) + "01" + "00" },
        { "grant", "0a000000" + "00000000" + "02000000" + I64(7) + "01" + "00" },
        {
            "append", "4f000000" + "00000000" + "03000000" + I64(7) + I64(41) + I64(6) + I64(40) + I64(3) + "02000000"
                + "00000000" + "00000000" + I64(7)
                + "03000000" + "01000000" + I64(7) + "616263"
        },
        { "accepted", "29000000" + "00000000" + "04000000" + I64(7) + "01" + I64(43) + I64(0) + I64(0) + I64(3) },
        { "heartbeat", "18000000" + "00000000" + "05000000" + I64(7) + I64(40) + I64(3) },
        { "heard", "11000000" + "00000000" + "06000000" + I64(7) + I64(3) + "01" },
        { "timeout now", "08000000" + "00000000" + "07000000" + I64(7) },
        { "forward", "0f000000" + "00000000" + "10000000" + "02000000" + "03000000" + "616263" + "00000000" },
        { "report", "1d000000" + "00000000" + "11000000" + I64(9) + "01" + "02000000" + I64(258) + I64(-1) },
        { "answer", "11000000" + "00000000" + "12000000" + I64(9) + I64(43) + "01" },
        { "state", "10000000" + "00000000" + "15000000" + I64(2048) + I64(-2) },
    };

    [Theory]
    [MemberData(nameof(GoldenFrames))]
    public void The_bytes_of_every_message_stay_what_they_are(string name, string expected)
    {
        var frame = Encode(Message(name));
        var bytes = Convert.FromHexString(expected);
        // The checksum follows from the rest; the golden text leaves it open.
        frame.AsSpan(4, 4).CopyTo(bytes.AsSpan(4));
        Assert.Equal(Convert.ToHexStringLower(bytes), Convert.ToHexStringLower(frame));
    }

    [Fact]
    public void The_checksum_is_CRC32C_of_kind_and_payload()
    {
        var frame = Encode(new RaftPeerMessage(new TimeoutNow(new Term(7))));
        Assert.Equal(Checksum.Of(frame.AsSpan(8)), BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(4)));

        // RFC 3720, B.4: the checksum itself is the one that storage and networks know as CRC32C.
        Assert.Equal(0xE3069283u, Checksum.Of("123456789"u8));
    }

    [Fact]
    public void Every_message_comes_back_as_it_was() =>
        Prop.ForAll(Messages(), message =>
        {
            var frame = Encode(message);
            Assert.Equal(PeerCodec.FrameLength(message), frame.Length);
            Assert.True(PeerCodec.TryRead(frame, out var read));
            Assert.Equal(frame, Encode(read!));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_frame_with_a_flipped_bit_is_refused() =>
        Prop.ForAll(Messages(), ArbMap.Default.ArbFor<uint>(), (message, position) =>
        {
            var frame = Encode(message);
            var bit = position % (uint)(frame.Length * 8);
            frame[bit / 8] ^= (byte)(1 << (int)(bit % 8));
            Assert.False(PeerCodec.TryRead(frame, out _));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Random_payloads_under_a_right_checksum_never_throw() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte>(), (payload, kind) =>
        {
            var frame = Seal((PeerMessageKind)(kind % 24), payload ?? []);
            if (PeerCodec.TryRead(frame, out var message))
                Assert.Equal(frame, Encode(message!));
        }).QuickCheckThrowOnFailure();

    /// <summary>
    /// raft-design I7: an entry that could not be applied must not be stored, and never be passed over.
    /// </summary>
    [Fact]
    public void An_entry_of_an_unknown_kind_is_refused_with_its_frame()
    {
        var frame = Encode(Message("append"));
        frame[PeerFrame.HeaderBytes + 44 + 4] = 5;
        PeerFrame.Seal(frame, PeerMessageKind.AppendRequest, frame.Length - PeerFrame.HeaderBytes);
        Assert.False(PeerCodec.TryRead(frame, out _));
        frame[PeerFrame.HeaderBytes + 44 + 4] = 4;
        PeerFrame.Seal(frame, PeerMessageKind.AppendRequest, frame.Length - PeerFrame.HeaderBytes);
        Assert.True(PeerCodec.TryRead(frame, out _));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(3)]
    public void A_claimed_number_of_entries_allocates_nothing_before_it_is_checked(int count)
    {
        var frame = Encode(Message("append"));
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(PeerFrame.HeaderBytes + 40), count);
        PeerFrame.Seal(frame, PeerMessageKind.AppendRequest, frame.Length - PeerFrame.HeaderBytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(PeerCodec.TryRead(frame, out _));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4_096);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(1_000_001 - PeerFrame.HeaderBytes)]
    public void A_claimed_length_over_the_limit_is_refused_from_the_header_alone(int length)
    {
        var header = new byte[PeerFrame.HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        Assert.Equal(-1, PeerFrame.Measure(header, frameBytesMax: 1_000_000));
    }

    [Fact]
    public void Entries_are_slices_of_the_array_that_the_frame_came_in()
    {
        var frame = Encode(Message("append"));
        Assert.True(PeerCodec.TryRead(frame, out var message));
        var entry = ((AppendRequest)((RaftPeerMessage)message!).Message).Entries[1];
        frame[^1] = (byte)'x';
        Assert.Equal("abx"u8, entry.Payload.Span);
    }

    private static PeerMessage Message(string name) => name switch
    {
        "vote" => Raft(new VoteRequest(new Term(7), new LogIndex(41), new Term(6), PreVote: true, Transfer: false)),
        "grant" => Raft(new VoteResponse(new Term(7), Granted: true, PreVote: false)),
        "append" => Raft(new AppendRequest(
            new Term(7), new LogIndex(41), new Term(6), new LogIndex(40), 3,
            [
                new Entry(new Term(7), new LogIndex(42), EntryKind.Empty, default),
                new Entry(new Term(7), new LogIndex(43), EntryKind.Command, "abc"u8.ToArray()),
            ])),
        "accepted" => Raft(new AppendResponse(new Term(7), true, new LogIndex(43), default, default, 3)),
        "heartbeat" => Raft(new Heartbeat(new Term(7), new LogIndex(40), 3)),
        "heard" => Raft(new HeartbeatResponse(new Term(7), 3, IsStorageFull: true)),
        "timeout now" => Raft(new TimeoutNow(new Term(7))),
        "forward" => new ForwardedEntries(["abc"u8.ToArray(), default]),
        "report" => new ContactReport(9, [258, -1], Barrier: true),
        "state" => new StateDigest(2048, ulong.MaxValue - 1),
        _ => new ContactAnswer(9, new LogIndex(43), Accepted: true),
    };

    private static Arbitrary<PeerMessage> Messages()
    {
        var number = ArbMap.Default.GeneratorFor<long>();
        var flag = ArbMap.Default.GeneratorFor<bool>();
        var payload = ArbMap.Default.GeneratorFor<byte[]>().Select(bytes => bytes ?? []);
        var payloads = payload.ArrayOf();
        var appends =
            from term in number
            from previous in Gen.Choose(0, int.MaxValue)
            from commit in number
            from bodies in payloads
            select (PeerMessage)Raft(new AppendRequest(
                new Term(term), new LogIndex(previous), new Term(term), new LogIndex(commit), commit,
                [.. bodies.Select((body, i) => new Entry(
                    new Term(term), new LogIndex(previous + i + 1), EntryKind.Command, body))]));
        var answers =
            from term in number
            from accepted in flag
            from index in number
            select (PeerMessage)Raft(new AppendResponse(
                new Term(term), accepted, new LogIndex(index), new LogIndex(term), new Term(index), term));
        var forwards = payloads.Select(bodies => (PeerMessage)new ForwardedEntries(
            [.. bodies.Select(body => new ReadOnlyMemory<byte>(body))]));
        var reports =
            from id in number
            from sessions in number.ArrayOf()
            from barrier in flag
            select (PeerMessage)new ContactReport(id, sessions, barrier);
        var votes =
            from term in number
            from preVote in flag
            from transfer in flag
            select (PeerMessage)Raft(new VoteRequest(
                new Term(term), new LogIndex(term), new Term(1), preVote, transfer));
        return Gen.OneOf(appends, answers, forwards, reports, votes).ToArbitrary();
    }

    private static RaftPeerMessage Raft(RaftMessage message) => new RaftPeerMessage(message);

    private static byte[] Encode(PeerMessage message)
    {
        var frame = new byte[PeerCodec.FrameLength(message)];
        Assert.Equal(frame.Length, PeerCodec.Write(message, frame));
        return frame;
    }

    private static byte[] Seal(PeerMessageKind kind, byte[] payload)
    {
        var frame = new byte[PeerFrame.HeaderBytes + payload.Length];
        payload.CopyTo(frame, PeerFrame.HeaderBytes);
        PeerFrame.Seal(frame, kind, payload.Length);
        return frame;
    }

    private static string I64(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Convert.ToHexStringLower(bytes);
    }
}
