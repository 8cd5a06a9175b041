using System.Buffers.Binary;
using Coord.Interop.Wire;
using Coord.JepsenLike.Clients;
using static Coord.JepsenLike.Clients.Wire;

namespace Coord.Interop;

/// <summary>Input that no proper client sends gets its error or an end, and nobody else notices.</summary>
[Collection(InteropCollection.Name)]
public sealed class HostileInputTests
{
    private const int FrameBytesMax = 1_048_575;   // jute.maxbuffer
    private const int MarshallingError = -5;
    private const int Unimplemented = -6;
    private const int BadArguments = -8;
    private const int NoNode = -101;

    private readonly int _port = InteropCluster.Ports.First();

    public static TheoryData<int> WrongLengths => [int.MaxValue, FrameBytesMax + 1, -1, int.MinValue];

    [Theory]
    [MemberData(nameof(WrongLengths))]
    public void A_wrong_length_ends_a_connection_before_its_handshake(int length)
    {
        using var connection = new RawConnection(_port);
        connection.Send(Number(length));
        connection.Send(new byte[64]);
        Assert.Null(connection.Receive());
    }

    [Theory]
    [MemberData(nameof(WrongLengths))]
    public void A_wrong_length_ends_a_connection_after_its_handshake(int length)
    {
        using var connection = RawConnection.Greet(_port, out _);
        connection.Send(Number(length));
        Assert.Null(connection.Receive());
    }

    [Fact]
    public void A_frame_shorter_than_its_header_ends_the_connection()
    {
        using var connection = RawConnection.Greet(_port, out _);
        connection.Send(Number(4));
        connection.Send(Number(1));
        Assert.Null(connection.Receive());
    }

    [Fact]
    public void The_longest_frame_is_accepted()
    {
        using var connection = RawConnection.Greet(_port, out _);
        var empty = CreateRequest(1, "/wire_longest", [], CreateMode.Ephemeral);
        var filled = new byte[FrameBytesMax + 4 - empty.Length];
        var longest = CreateRequest(1, "/wire_longest", filled, CreateMode.Ephemeral);
        Assert.Equal(FrameBytesMax, BinaryPrimitives.ReadInt32BigEndian(longest));
        Assert.Equal(0, connection.Call(longest).Error);
        Assert.Equal(0, connection.Call(BareRequest(2, CloseSession)).Error);
    }

    [Fact]
    public void A_record_that_cannot_be_read_is_answered_and_the_connection_stays()
    {
        using var connection = RawConnection.Greet(_port, out _);
        foreach (var type in new[] { Create, Delete, Exists, GetData, SetData })
        {
            // A path of two billion bytes in a frame of twelve.
            byte[] request = [.. Number(12), .. Number(1), .. Number(type), .. Number(int.MaxValue)];
            Assert.Equal(MarshallingError, connection.Call(request).Error);
        }

        Assert.Equal(0, connection.Call(BareRequest(2, Ping)).Error);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void An_unknown_operation_is_answered_and_the_connection_ends(int type)
    {
        using var connection = RawConnection.Greet(_port, out _);
        var reply = connection.Call(BareRequest(7, type));
        Assert.Equal((7, -1L, Unimplemented), (reply.Xid, reply.Zxid, reply.Error));
        Assert.Null(connection.Receive());
    }

    [Theory]
    [InlineData("/wire\0nul")]
    [InlineData("wire")]
    [InlineData("/wire\u0001")]
    [InlineData("/wire/")]
    public void A_path_that_no_znode_can_have_is_refused(string path)
    {
        using var connection = RawConnection.Greet(_port, out _);
        var error = connection.Call(CreateRequest(1, path, [], CreateMode.Ephemeral)).Error;
        // The parent is looked up before the path is judged (zookeeper-protocol 2.3).
        Assert.Equal(path.EndsWith('/') ? NoNode : BadArguments, error);
        Assert.Equal(0, connection.Call(BareRequest(2, Ping)).Error);
    }

    [Fact]
    public void Replies_come_in_the_order_of_their_requests()
    {
        const int Requests = 2000;
        using var connection = RawConnection.Greet(_port, out _);
        Assert.Equal(0, connection.Call(CreateRequest(1, "/wire_order", [], CreateMode.Ephemeral)).Error);
        var flight = new List<byte>();
        for (var xid = 2; xid <= Requests; xid++)
        {
            flight.AddRange((xid % 5) switch
            {
                0 => SetDataRequest(xid, "/wire_order", Number(xid), version: -1),
                1 => ReadRequest(xid, Exists, "/wire_order"),
                2 => SyncRequest(xid, "/wire_order"),
                _ => ReadRequest(xid, GetData, "/wire_order"),
            });
        }

        connection.Send(flight.ToArray());
        var written = 0;
        for (var xid = 2; xid <= Requests; xid++)
        {
            var reply = connection.ReceiveReply();
            Assert.Equal((xid, 0), (reply?.Xid, reply?.Error));
            if (xid % 5 == 0)
                written = xid;
            // A read sees every earlier write of its session, and no later one.
            if (xid % 5 > 2 && written > 0)
                Assert.Equal(written, BinaryPrimitives.ReadInt32BigEndian(reply!.Body.AsSpan(4)));
        }

        Assert.Equal(0, connection.Call(BareRequest(1, CloseSession)).Error);
    }

    [Fact]
    public void Silent_and_half_open_connections_disturb_nobody()
    {
        const int Connections = 500;
        var silent = new List<RawConnection>();
        try
        {
            for (var i = 0; i < Connections; i++)
            {
                silent.Add(new RawConnection(_port));
                if (i % 2 == 0)
                    silent[i].Send(Number(45));
            }

            using var connection = RawConnection.Greet(_port, out _);
            for (var xid = 1; xid <= 100; xid++)
                Assert.Equal(0, connection.Call(SyncRequest(xid, "/")).Error);
            Assert.Equal(0, connection.Call(BareRequest(1, CloseSession)).Error);
        }
        finally
        {
            silent.ForEach(connection => connection.Dispose());
        }
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
