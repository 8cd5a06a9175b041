using System.Collections.Concurrent;
using System.Net;

namespace Coord.Client.Tests;

/// <summary>
/// The HTTP side of an OpenTelemetry collector: keeps what is posted to it. Source: OTLP specification 1.7,
/// OTLP/HTTP.
/// </summary>
internal sealed class CollectorStub : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> posts = new();

    public CollectorStub()
    {
        Address = new Uri($"http://127.0.0.1:{FreePorts.First(1)}/");
        listener.Prefixes.Add(Address.ToString());
        listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public Uri Address { get; }

    public void Dispose() => listener.Close();

    /// <summary>The bodies posted to a path.</summary>
    public IReadOnlyList<byte[]> PostsTo(string path) =>
        [.. posts.Where(post => post.Path == path).Select(static post => post.Body)];

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                await AnswerAsync(await listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        posts.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
        context.Response.Close();
    }
}
