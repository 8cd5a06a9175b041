using System.Text;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Raft;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.Node.Tests.Peers;

/// <summary>The bytes of a greeting: fixed forever (raft-design I8), and safe whatever arrives.</summary>
public sealed class HelloCodecTests
{
    [Fact]
    public void The_bytes_of_a_greeting_stay_what_they_are()
    {
        var member = new Member(
            new NodeId(2), 0x1718_1516_1314_1112, new NodeAddress("a", 1), new NodeAddress("b", 2),
            new NodeAddress("c", 3));
        var hello = new PeerHello
        {
            Channel = PeerChannel.Link,
            ClusterName = "dev",
            ClusterId = 5,
            Self = member,
            StartNumber = 6,
            LinkSession = 7,
            ExpectedPeer = new NodeId(1),
            FeatureLevel = 1,
            PeerFrameBytesMax = 8,
            LastIndex = new LogIndex(9),
            Term = new Term(10),
            IsRecovering = true,
            KnownLeader = new NodeId(1),
            Genesis = [member],
            MembershipIndex = new LogIndex(11),
            Members = [],
        };
        const string Node = "02000000" + "12111413161518170000000000000000" + "02000000" + "01"
            + "0100" + "61" + "01000000" + "0100" + "62" + "02000000" + "0100" + "63" + "03000000";
        const string Expected = "4352445045455202" + "01" + "0100" + "0100" + "0300" + "646576"
            + "05000000000000000000000000000000" + Node + "0600000000000000" + "0700000000000000" + "01000000"
            + "0100" + "0200" + "0100" + "08000000" + "0900000000000000" + "0A00000000000000" + "01" + "01000000"
            + "01000000" + Node + "0B00000000000000" + "00000000";
        var frame = HelloCodec.WriteHello(hello);
        Assert.Equal(Expected, Convert.ToHexString(frame.AsSpan(PeerFrame.HeaderBytes)));
    }

    [Fact]
    public void Hellos_come_back_as_they_were_and_any_other_bytes_are_refused()
    {
        var hello = Hellos.From(1, to: 2) with
        {
            LastIndex = new LogIndex(77),
            Term = new Term(5),
            KnownLeader = new NodeId(3),
            IsRecovering = true,
            LinkSession = 12,
            MembershipIndex = new LogIndex(44),
        };
        var frame = HelloCodec.WriteHello(hello);
        var read = HelloCodec.ReadHello(frame)!;
        Same(hello, read);
        var answer = HelloCodec.ReadAnswer(HelloCodec.WriteAnswer(PeerVerdict.Busy, hello), out var verdict)!;
        Assert.Equal(PeerVerdict.Busy, verdict);
        Same(hello, answer);
        Prop.ForAll(Gen.Choose(0, frame.Length - 1).ToArbitrary(), length =>
        {
            var cut = frame[..length];
            if (length >= PeerFrame.HeaderBytes)
                PeerFrame.Seal(cut, PeerMessageKind.Hello, length - PeerFrame.HeaderBytes);
            Assert.Null(HelloCodec.ReadHello(cut));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_cluster_name_that_is_no_text_is_refused()
    {
        var frame = HelloCodec.WriteHello(Hellos.From(1, to: 2) with { ClusterName = "name" });
        frame[frame.AsSpan().IndexOf("name"u8)] = 0xFF;
        PeerFrame.Seal(frame, PeerMessageKind.Hello, frame.Length - PeerFrame.HeaderBytes);
        Assert.Null(HelloCodec.ReadHello(frame));
    }

    [Fact]
    public void Random_bytes_behind_a_greeting_never_throw() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), Gen.Choose(13, 300).ToArbitrary(), (noise, position) =>
        {
            var frame = HelloCodec.WriteHello(Hellos.From(1, to: 2));
            noise ??= [];
            var count = Math.Min(noise.Length, frame.Length - position);
            noise.AsSpan(0, count).CopyTo(frame.AsSpan(position));
            PeerFrame.Seal(frame, PeerMessageKind.Hello, frame.Length - PeerFrame.HeaderBytes);
            HelloCodec.ReadHello(frame);
        }).QuickCheckThrowOnFailure();

    /// <summary>
    /// raft-design I6: versions are negotiated, so a later one can still be told that it is too new.
    /// </summary>
    [Fact]
    public void What_a_newer_wire_version_appends_is_passed_over()
    {
        var newer = Hellos.From(1, to: 2) with { WireVersionMax = 2 };
        var frame = HelloCodec.WriteHello(newer);
        Array.Resize(ref frame, frame.Length + 5);
        PeerFrame.Seal(frame, PeerMessageKind.Hello, frame.Length - PeerFrame.HeaderBytes);
        Same(newer, HelloCodec.ReadHello(frame)!);

        frame = HelloCodec.WriteHello(newer with { WireVersionMax = 1 });
        Array.Resize(ref frame, frame.Length + 5);
        PeerFrame.Seal(frame, PeerMessageKind.Hello, frame.Length - PeerFrame.HeaderBytes);
        Assert.Null(HelloCodec.ReadHello(frame));
    }

    [Fact]
    public void The_largest_cluster_fits_a_hello()
    {
        var host = new NodeAddress(new string('x', 255), 65_535);
        var members = Enumerable.Range(1, NodeLimits.Default.ClusterNodesMax)
            .Select(id => new Member(new NodeId(id), UInt128.MaxValue, host, host, host)).ToArray();
        var hello = Hellos.From(1, to: 2) with
        {
            ClusterName = new string('x', 255), Self = members[0], Genesis = members, Members = members,
        };
        Assert.NotNull(HelloCodec.ReadHello(HelloCodec.WriteHello(hello)));
        Assert.True(HelloCodec.WriteAnswer(PeerVerdict.Accepted, hello).Length <= PeerHello.FrameBytesMax);
        Assert.Equal(255, Encoding.UTF8.GetByteCount(host.Host));
    }

    private static void Same(PeerHello expected, PeerHello read)
    {
        Assert.Equal(expected.Members, read.Members);
        Assert.Equal(expected.Genesis, read.Genesis);
        Assert.Equal(expected, read with { Members = expected.Members, Genesis = expected.Genesis });
    }
}
