using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Coord.Node.Admin;

/// <summary>The admin port's HTTP: health for orchestrators, commands for operators (design.md section 7).</summary>
/// <param name="status">What the node last published.</param>
/// <param name="orders">The calls that change something.</param>
internal sealed class AdminApplication(Func<NodeStatus> status, AdminOrders orders) : IHttpApplication<HttpContext>
{
    private const string Help =
        $"""
        GET  /livez                                       200 while the process lives
        GET  /readyz                                      200 when this node serves clients, else 503 and the reason
        GET  /commands/raft                               where this node stands, as JSON
        POST {AdminOrders.Add}?id=N                   let the waiting node N in, as a learner; it votes by itself later
        POST {AdminOrders.Remove}?id=N[&force=true]   take node N out
        POST {AdminOrders.Replace}?id=N[&force=true]  let node N in again that waits with an empty data directory
        POST /commands/transfer[?to=N]                    hand leadership to node N, or to the fittest one
        POST needs "Authorization: digest user:password" of the super user, and works on the leader: others answer 307
        with its address (curl --location-trusted). 409 and the reason when refused, 503 when the outcome is unknown.
        force=true also where fewer than a quorum of those that stay can be reached: only for who knows they are lost.
        """;

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing is held by a request.
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var reply = await AnswerAsync(context.Request, context.RequestAborted);
        await reply.WriteAsync(context);
    }

    private async Task<AdminReply> AnswerAsync(HttpRequest request, CancellationToken aborted)
    {
        var isOrder = AdminOrders.Has(request.Path.Value ?? "");
        if (isOrder && HttpMethods.IsPost(request.Method))
            return await orders.AnswerAsync(request, aborted);
        if (!isOrder && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
            return Look(request.Path.Value, status());
        var allowed = isOrder ? "POST" : "GET, HEAD";
        return AdminReply.Text(StatusCodes.Status405MethodNotAllowed, $"this path takes {allowed}; see /commands") with
        {
            Allow = allowed,
        };
    }

    private static AdminReply Look(string? path, NodeStatus status) => path switch
    {
        "/livez" => AdminReply.Text(StatusCodes.Status200OK, "ok"),
        "/readyz" when status.NotReadyBecause is { } reason =>
            AdminReply.Text(StatusCodes.Status503ServiceUnavailable, reason),
        "/readyz" => AdminReply.Text(StatusCodes.Status200OK, "ok"),
        "/commands/raft" => AdminReply.Json(StatusCodes.Status200OK, RaftReport.Write(status)),
        "/commands" => AdminReply.Text(StatusCodes.Status200OK, Help),
        _ => AdminReply.Text(StatusCodes.Status404NotFound, "not here; see /commands"),
    };
}
