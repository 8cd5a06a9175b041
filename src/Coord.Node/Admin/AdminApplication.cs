using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Coord.Node.Admin;

/// <summary>The admin port's HTTP: health for orchestrators, commands for operators (design.md section 7).</summary>
/// <param name="status">What the node last published.</param>
internal sealed class AdminApplication(Func<NodeStatus> status) : IHttpApplication<HttpContext>
{
    private const string Text = "text/plain; charset=utf-8";
    private const string Json = "application/json";

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing is held by a request.
    }

    public Task ProcessRequestAsync(HttpContext context)
    {
        var (code, type, body) = Answer(context.Request, status());
        context.Response.StatusCode = code;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body).AsTask();
    }

    private static (int Code, string Type, ReadOnlyMemory<byte> Body) Answer(HttpRequest request, NodeStatus status)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return (StatusCodes.Status405MethodNotAllowed, Text, Line("only GET and HEAD are answered here"));
        return request.Path.Value switch
        {
            "/livez" => (StatusCodes.Status200OK, Text, Line("ok")),
            "/readyz" when status.NotReadyBecause is { } reason =>
                (StatusCodes.Status503ServiceUnavailable, Text, Line(reason)),
            "/readyz" => (StatusCodes.Status200OK, Text, Line("ok")),
            "/commands/raft" => (StatusCodes.Status200OK, Json, RaftReport.Write(status)),
            _ => (StatusCodes.Status404NotFound, Text, Line("not here; try /livez, /readyz or /commands/raft")),
        };
    }

    private static ReadOnlyMemory<byte> Line(string text) => Encoding.UTF8.GetBytes(text + "\n");
}
