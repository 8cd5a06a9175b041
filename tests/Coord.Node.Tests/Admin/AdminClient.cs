using System.Text;
using Coord.Node.Admin;
using Coord.Node.Admin.Commands;
using Microsoft.AspNetCore.Http;

namespace Coord.Node.Tests.Admin;

/// <summary>Asks the admin port's application of a node, without a socket.</summary>
internal sealed class AdminClient(TestFacts node)
{
    public SuperUser? SuperUser { get; init; } = new(SuperUser.DigestOf(TestFacts.Credentials));

    public SnapshotFiles? Snapshots { get; init; }

    public async Task<(int Code, string Body, IHeaderDictionary Headers)> AskAsync(
        string path, string method = "GET", bool isSuper = false, string body = "")
    {
        var context = new DefaultHttpContext();
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        context.Request.Method = method;
        context.Request.Path = path.Split('?')[0];
        context.Request.QueryString = new QueryString(path.Contains('?') ? path[path.IndexOf('?')..] : "");
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        if (isSuper)
            context.Request.Headers.Authorization = "digest " + TestFacts.Credentials;
        var facts = node.Facts with { Settings = node.Facts.Settings with { SuperUser = SuperUser } };
        var orders = new AdminOrders(() => null, SuperUser, facts.Status);
        await new AdminApplication(facts, orders, () => Snapshots).ProcessRequestAsync(context);
        return (context.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()), context.Response.Headers);
    }
}
