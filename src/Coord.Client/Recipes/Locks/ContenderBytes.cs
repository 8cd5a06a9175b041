using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Coord.Client.Recipes;

/// <summary>
/// Contender records as bytes: JSON, at most 1 KiB; and the mark by which a holder is asked to let go.
/// </summary>
internal static class ContenderBytes
{
    internal const int NoteMaxLength = 256;
    private const int MaxBytes = 1024;

    // Whoever revokes one of ours keeps the record and adds its reason; Curator's holders know this text alone.
    private const string RevokedName = "revoke";
    private static ReadOnlySpan<byte> CuratorsRevocation => "__REVOKE__"u8;

    // Names and notes keep their letters; nothing here ends up in HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The record of a contender that comes now.</summary>
    /// <param name="client">Who comes.</param>
    /// <param name="options">Of the recipe.</param>
    /// <param name="mark">Tells this call from others of the session; null where the name of the znode does.</param>
    internal static ReadOnlyMemory<byte> Write(ICoordClient client, LockOptions options, string? mark = null)
    {
        if (!options.WriteRecord)
            return mark is null ? default : Encoding.UTF8.GetBytes(mark);
        var trace = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
        return Write(new ContenderRecord(
            client.ClientName, Environment.MachineName, Environment.ProcessId, client.TimeProvider.GetUtcNow(),
            options.Note, trace, RevokedFor: null), mark);
    }

    /// <summary>Whether the bytes were written with the mark.</summary>
    internal static bool HasMark(ReadOnlySpan<byte> bytes, string mark) =>
        bytes.IndexOf(Encoding.UTF8.GetBytes(mark)) >= 0;

    /// <summary>What a holder's znode gets written so that the holder knows it is asked to let go.</summary>
    internal static ReadOnlyMemory<byte> Revoke(ReadOnlyMemory<byte> bytes, string reason) =>
        Read(bytes.Span) is { } record && WriteShortened(record with { RevokedFor = reason }) is { } asked
            ? asked
            : CuratorsRevocation.ToArray();

    internal static bool IsRevoked(ReadOnlySpan<byte> bytes) =>
        bytes.SequenceEqual(CuratorsRevocation) || Read(bytes)?.RevokedFor is not null;

    /// <returns>Null for anything that is no record of ours.</returns>
    internal static ContenderRecord? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        try
        {
            if (bytes.Length > MaxBytes || !JsonDocument.TryParseValue(ref reader, out var document))
                return null;
            using (document)
                return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Curator writes the address of its host, others what they like: shown as unknown.
            return null;
        }
    }

    private static ContenderRecord? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("client", out var client)
            || !json.TryGetProperty("host", out var host) || !json.TryGetProperty("pid", out var pid)
            || !json.TryGetProperty("since", out var since))
            return null;
        return new ContenderRecord(
            client.GetString() ?? string.Empty, host.GetString() ?? string.Empty, pid.GetInt32(),
            since.GetDateTimeOffset(), Text(json, "note"), Text(json, "traceparent"), Text(json, RevokedName));
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static ReadOnlyMemory<byte> Write(ContenderRecord record, string? mark = null)
    {
        var full = WriteAll(record, mark);
        // Letters beyond ASCII take up to three bytes each: the note is what can be done without.
        return full.Length <= MaxBytes ? full : WriteAll(record with { Note = null }, mark);
    }

    /// <returns>With as much of the reason as there is room for: a record that is too long would not be read. Null when
    /// there is none even for an empty one.</returns>
    private static ReadOnlyMemory<byte>? WriteShortened(ContenderRecord record)
    {
        // A character takes at most six bytes, escaped.
        const int LongestCharacter = 6;
        var reason = record.RevokedFor!;
        while (true)
        {
            var bytes = Write(record with { RevokedFor = reason });
            if (bytes.Length <= MaxBytes)
                return bytes;
            if (reason.Length == 0)
                return null;
            var left = Math.Max(0, reason.Length - Math.Max(1, (bytes.Length - MaxBytes) / LongestCharacter));
            reason = reason[..(left > 0 && char.IsHighSurrogate(reason[left - 1]) ? left - 1 : left)];
        }
    }

    private static ReadOnlyMemory<byte> WriteAll(ContenderRecord record, string? mark)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        json.WriteString("client", record.Client);
        json.WriteString("host", record.Host);
        json.WriteNumber("pid", record.ProcessId);
        json.WriteString("since", record.Since.ToString("O", CultureInfo.InvariantCulture));
        WriteOptional(json, "note", record.Note);
        WriteOptional(json, "traceparent", record.TraceParent);
        WriteOptional(json, RevokedName, record.RevokedFor);
        WriteOptional(json, "mark", mark);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }
}
