using System.Net;
using System.Net.Sockets;
using System.Text;
using Coord.JepsenLike.Networks;
using Coord.JepsenLike.Targets;

namespace Coord.JepsenLike.Tests;

/// <summary>What etcd's JSON gateway answers, as 3.4 does.</summary>
public sealed class EtcdClientTests : IDisposable
{
    private const string Header = """{"cluster_id":"14","member_id":"7","revision":"31","raft_term":"2"}""";

    private readonly TcpListener node = new(IPAddress.Loopback, 0);

    public EtcdClientTests() => node.Start();

    public void Dispose() => node.Dispose();

    // Two puts, of which the second key is newer than was thought.
    [Fact]
    public async Task A_refused_transaction_names_the_first_key_that_was_not_as_expected()
    {
        var answer = "{\"header\":" + Header + ",\"responses\":[" + Range("\"version\":\"4\"") + "," +
            Range("\"version\":\"6\"") + "," + Range("\"version\":\"9\"") + "]}";
        var reply = await AskAsync(answer, client =>
            client.PutIfAsync([("a", 4), ("b", 5), ("c", 8)], new Dictionary<string, string> { ["a"] = "1" }));
        Assert.Equal((false, 31, 1), (reply.IsDone, reply.Revision, reply.Refused));
    }

    [Fact]
    public async Task A_transaction_that_was_done_stands_at_its_revision()
    {
        var answer = "{\"header\":" + Header + ",\"succeeded\":true,\"responses\":[{\"response_put\":{}}]}";
        var reply = await AskAsync(answer, client => client.PutIfAsync("a", 4, "1"));
        Assert.Equal((true, 31, 31, 5), (reply.IsDone, reply.Revision, reply.ModRevision, reply.Version));
    }

    // Answers of more than 2,048 bytes come in chunks.
    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public async Task The_keys_below_a_prefix_come_however_many_they_are(int count)
    {
        var keys = string.Join(',', Enumerable.Range(0, count).Select(number =>
            "{\"key\":\"" + Convert.ToBase64String(Encoding.UTF8.GetBytes($"set/{number}")) +
            "\",\"mod_revision\":\"12\",\"version\":\"1\"}"));
        var answer = "{\"header\":" + Header + ",\"kvs\":[" + keys + "],\"count\":\"" + count + "\"}";
        var (revision, found) = await AskAsync(answer, client => client.RangeBelowAsync("set/", isSerializable: false));
        Assert.Equal(31, revision);
        Assert.Equal(Enumerable.Range(0, count).Select(number => new EtcdKey($"set/{number}", 12, 1)), found);
    }

    [Theory]
    [InlineData("Content-Length: 5", "hello")]
    [InlineData("Transfer-Encoding: chunked", "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")]
    public void A_body_is_taken_when_all_of_it_has_come_and_not_before(string line, string bytes)
    {
        string[] head = ["HTTP/1.1 200 OK", line];
        var all = Encoding.ASCII.GetBytes(bytes);
        Assert.All(Enumerable.Range(0, all.Length), length => Assert.Null(HttpBody.Take(head, all.AsSpan(0, length))));
        Assert.Equal("hello", Encoding.ASCII.GetString(HttpBody.Take(head, all)!));
    }

    [Theory]
    [InlineData("Date: today", "hello")]
    [InlineData("Transfer-Encoding: chunked", "hello\r\n")]
    public void A_body_whose_end_nobody_tells_is_an_error(string line, string bytes) =>
        Assert.Throws<Clients.ProtocolViolationException>(() =>
            HttpBody.Take(["HTTP/1.1 200 OK", line], Encoding.ASCII.GetBytes(bytes)));

    private static string Range(string number) => "{\"response_range\":{\"kvs\":[{" + number + "}],\"count\":\"1\"}}";

    /// <summary>One request, which the node answers in this way, chunked when it is long.</summary>
    private async Task<T> AskAsync<T>(string answer, Func<EtcdClient, Task<T>> ask)
    {
        var view = new ClientView([(IPEndPoint)node.LocalEndpoint], ClientView.OwnSocket);
        using var client = new EtcdClient(view, firstNode: 1, TimeSpan.FromMinutes(1));
        Assert.True(await client.TryConnectAsync());
        using var accepted = await node.AcceptSocketAsync();
        var asked = ask(client);
        await accepted.SendAsync(Encoding.ASCII.GetBytes(Chunked(answer)));
        return await asked;
    }

    private static string Chunked(string answer) => answer.Length <= 2_048
        ? $"HTTP/1.1 200 OK\r\nContent-Length: {answer.Length}\r\n\r\n{answer}"
        : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
            string.Concat(answer.Chunk(2_048).Select(part => $"{part.Length:x}\r\n{new string(part)}\r\n")) +
            "0\r\n\r\n";
}
