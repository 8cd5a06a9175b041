using System.Net;
using System.Text;
using System.Text.Json;

namespace Coord.JepsenLike.Faults;

/// <summary>Asks and orders at a node's admin port, as the super user that the cluster was started with.</summary>
internal static class AdminPort
{
    public const string SuperVariable = "COORD_SUPER";
    public const string Super = "super:jepsen";

    // An order is answered when it is committed, or refused after two seconds for want of a quorum.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>What the node knows of the cluster, null when it does not answer.</summary>
    public static async Task<RaftView?> RaftAsync(IPEndPoint admin, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{admin}/commands/raft");
        var (status, text) = await SendAsync(request, cancel);
        return status == HttpStatusCode.OK ? RaftView.Parse(text) : null;
    }

    /// <summary>The node's own wall clock, null when it does not answer.</summary>
    public static async Task<DateTimeOffset?> TimeAsync(IPEndPoint admin, CancellationToken cancel)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri($"http://{admin}/commands/ruok"), cancel);
            return answer.Headers.Date;
        }
        catch (Exception error) when (IsSilence(error, cancel))
        {
            return null;
        }
    }

    /// <summary>Orders something; the status is null when the outcome is unknown.</summary>
    public static async Task<(HttpStatusCode? Status, string Text)> PostAsync(
        IPEndPoint admin, string order, string body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{admin}/commands/{order}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"digest {Super}");
        return await SendAsync(request, cancel);
    }

    private static async Task<(HttpStatusCode? Status, string Text)> SendAsync(
        HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            using var answer = await Http.SendAsync(request, cancel);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel));
        }
        catch (Exception error) when (IsSilence(error, cancel))
        {
            return (null, error.Message);
        }
    }

    /// <summary>A node that is down, stands still or is cut off; told apart from being told to stop.</summary>
    private static bool IsSilence(Exception error, CancellationToken cancel) =>
        error is HttpRequestException or IOException or JsonException ||
        (error is OperationCanceledException && !cancel.IsCancellationRequested);
}
