using System.Text;
using Coord.Node.Admin.Commands;
using Coord.Node.Admin.Figures;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Coord.Node.Admin;

/// <summary>The admin port's HTTP: health for orchestrators, commands for operators (design.md section 7).</summary>
/// <param name="facts">What the node tells of itself.</param>
/// <param name="orders">The calls that change the cluster.</param>
/// <param name="snapshots">The snapshots to send; null before there is a replica.</param>
/// <param name="audit">Told of what needs the super user; null where nothing is audited.</param>
internal sealed class AdminApplication(
    NodeFacts facts, AdminOrders orders, Func<SnapshotFiles?> snapshots, AdminAudit? audit = null)
    : IHttpApplication<HttpContext>
{
    private const string Help =
        $"""
        GET  /livez                                       200 while the process lives
        GET  /readyz                                      200 when this node serves clients, else 503 and the reason
        GET  /metrics                                     all figures, for Prometheus
        GET  /commands/NAME                               as ZooKeeper's AdminServer; the names are the links above
        GET  /commands/raft                               where this node stands, as JSON
        GET  {SnapshotStream.Path}                            the newest snapshot as a file
        POST /commands/shed_connections                   with a JSON object of one field, percentage: ends that many
        POST {AdminOrders.Add}?id=N                   let the waiting node N in, as a learner; it votes by itself later
        POST {AdminOrders.Remove}?id=N[&force=true]   take node N out
        POST {AdminOrders.Replace}?id=N[&force=true]  let node N in again that waits with an empty data directory
        POST /commands/transfer[?to=N]                    hand leadership to node N, or to the fittest one
        What changes something, and a snapshot, needs "Authorization: digest user:password" of the super user.
        Changes of members and transfer work on the leader: others answer 307 with its address (curl
        --location-trusted). 409 and the reason when refused, 503 when the outcome is unknown.
        force=true also where fewer than a quorum of those that stay can be reached: only for who knows they are lost.
        """;

    private readonly AdminCommands commands = new(facts, facts.Settings.SuperUser);
    private readonly SnapshotStream snapshot = new(facts, facts.Settings.SuperUser, snapshots);

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing is held by a request.
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var isSnapshot = path is SnapshotStream.Path or SnapshotStream.Alias && IsLook(context.Request);
        var isAudited = isSnapshot || AdminOrders.Has(path) || AdminCommands.IsChange(path);

        // Nobody knows how it ends where the caller goes away first.
        bool? isDone = isSnapshot ? false : null;
        var isElsewhere = false;
        try
        {
            if (isSnapshot)
            {
                isDone = await snapshot.AnswerAsync(context);
                return;
            }

            var reply = await AnswerAsync(context.Request, context.RequestAborted);
            (isDone, isElsewhere) = (reply.IsDone, reply.IsElsewhere);
            await reply.WriteAsync(context);
        }
        finally
        {
            if (isAudited && !isElsewhere)
                audit?.Answered(context.Request, isDone);
        }
    }

    private async Task<AdminReply> AnswerAsync(HttpRequest request, CancellationToken aborted)
    {
        var path = request.Path.Value ?? "";
        if (AdminOrders.Has(path))
            return HttpMethods.IsPost(request.Method)
                ? await orders.AnswerAsync(request, aborted)
                : AdminReply.NotAllowed("POST");
        var isLook = IsLook(request);
        if (isLook && Look(path) is { } reply)
            return reply;
        if (AdminCommands.Has(path) && (isLook || HttpMethods.IsPost(request.Method)))
            return await commands.AnswerAsync(request);
        return isLook
            ? AdminReply.Text(StatusCodes.Status404NotFound, "not here; see /commands")
            : AdminReply.NotAllowed("GET, HEAD");
    }

    private AdminReply? Look(string path)
    {
        var status = facts.Status();
        return path switch
        {
            "/livez" => AdminReply.Text(StatusCodes.Status200OK, "ok"),
            "/readyz" when status.NotReadyBecause is { } reason =>
                AdminReply.Text(StatusCodes.Status503ServiceUnavailable, reason),
            "/readyz" => AdminReply.Text(StatusCodes.Status200OK, "ok"),
            "/metrics" => new AdminReply(
                StatusCodes.Status200OK, PrometheusText.ContentType,
                Encoding.UTF8.GetBytes(PrometheusText.Write(facts))),
            "/commands/raft" => AdminReply.Json(StatusCodes.Status200OK, RaftReport.Write(status)),
            "/commands" or "/commands/" => new AdminReply(
                StatusCodes.Status200OK, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(AdminCommands.Index(Help))),
            _ => null,
        };
    }

    private static bool IsLook(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
}
