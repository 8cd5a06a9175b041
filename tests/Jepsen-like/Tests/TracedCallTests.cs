namespace Coord.JepsenLike.Tests;

/// <summary>Traces as strace 6.1 prints them, with a reply that waits for its flush and one that does not.</summary>
public sealed class TracedCallTests
{
    private const string Folder = "/d/1";
    private const int Client = 47928;

    private const string Waiting = """
        10  100.000100 recvfrom(45<TCP:[127.0.0.1:27811->127.0.0.1:47928]>, ""..., 4096, 0, NULL, NULL) = 43 <0.000020>
        11  100.000200 pwrite64(46</d/1/log/1.seg>, ""..., 76, 4096) = 76 <0.000030>
        11  100.000300 fdatasync(46</d/1/log/1.seg> <unfinished ...>
        12  100.000310 recvmsg(45<TCP:[127.0.0.1:27811->127.0.0.1:47928]>, 0x7f, 0) = -1 EAGAIN (Again) <0.000010>
        11  100.000500 <... fdatasync resumed>) = 0 <0.000200>
        10  100.000600 sendmsg(45<TCP:[127.0.0.1:27811->127.0.0.1:47928]>, {msg_name=NULL}, 0) = 88 <0.000040>
        """;

    private const string Hasty = """
        10  100.000100 recvfrom(45<TCP:[127.0.0.1:27811->127.0.0.1:47928]>, ""..., 4096, 0, NULL, NULL) = 43 <0.000020>
        11  100.000150 fdatasync(46</d/1/log/1.seg> <unfinished ...>
        12  100.000200 pwrite64(46</d/1/log/1.seg>, ""..., 76, 4096) = 76 <0.000030>
        11  100.000500 <... fdatasync resumed>) = 0 <0.000350>
        10  100.000600 sendmsg(45<TCP:[127.0.0.1:27811->127.0.0.1:47928]>, {msg_name=NULL}, 0) = 88 <0.000040>
        """;

    [Fact]
    public void A_reply_behind_its_flush_is_seen_as_flushed()
    {
        var request = Assert.Single(Requests(Waiting));
        Assert.True(request.IsFlushed);
        Assert.Equal(100.00012, request.Received, precision: 9);
        Assert.Equal(100.0006, request.Replied, precision: 9);
    }

    // A flush that began before the write was made need not hold it.
    [Fact]
    public void A_flush_under_way_when_the_write_is_made_does_not_count()
    {
        Assert.False(Assert.Single(Requests(Hasty)).IsFlushed);
    }

    [Fact]
    public void Flushes_carry_the_time_of_beginning_and_end()
    {
        var flush = Assert.Single(FlushOrder.Flushes(Calls(Waiting), Folder));
        Assert.Equal(100.0003, flush.Begin, precision: 9);
        Assert.Equal(100.0005, flush.End, precision: 9);
    }

    [Fact]
    public void Other_folders_and_other_clients_do_not_count()
    {
        Assert.Empty(FlushOrder.Flushes(Calls(Waiting), "/d/2"));
        Assert.Empty(FlushOrder.Requests(Calls(Waiting), clientPort: 1, Folder));
        Assert.False(Assert.Single(FlushOrder.Requests(Calls(Waiting), Client, "/d/2")).IsFlushed);
    }

    private static List<TracedRequest> Requests(string trace) =>
        FlushOrder.Requests(Calls(trace), Client, Folder);

    private static IEnumerable<TracedCall> Calls(string trace) => TracedCall.Read(trace.Split('\n'));
}
