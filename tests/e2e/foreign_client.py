#!/usr/bin/env python3
"""A client that nobody here wrote: it knows the address of a server and nothing of its contracts.

It asks the server itself (gRPC's server reflection) for the descriptors of its services, builds messages from them, and
does the main job: an edition, a published project, a verified investor, and the matches of both.

Usage: foreign_client.py PATH_OF_TANDEM_ALL_IN_ONE     exits with 77 where Debian's python3-grpcio is absent
"""
import re
import subprocess
import sys
import tempfile

try:
    import grpc
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
except ImportError as error:
    print(f"skipped: {error}; install python3-grpcio and python3-protobuf")
    sys.exit(77)

DEADLINE = 30  # seconds, of every call


def message_class(pool, name):
    descriptor = pool.FindMessageTypeByName(name)
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


def reflection_pool():
    """The part of grpc.reflection.v1alpha that is needed here: the one contract that every gRPC client knows."""
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="reflection.proto", package="grpc.reflection.v1alpha", syntax="proto3")

    def message(name, *fields):
        added = file.message_type.add(name=name)
        for number, field_name, kind, repeated, type_name in fields:
            added.field.add(
                name=field_name,
                number=number,
                type=kind,
                type_name=type_name and f".grpc.reflection.v1alpha.{type_name}",
                label=field.LABEL_REPEATED if repeated else field.LABEL_OPTIONAL,
            )

    text, data, sub = field.TYPE_STRING, field.TYPE_BYTES, field.TYPE_MESSAGE
    # A oneof is the same on the wire as fields of which one is set.
    message("ServerReflectionRequest", (4, "file_containing_symbol", text, False, None), (7, "list_services", text, False, None))
    message("FileDescriptorResponse", (1, "file_descriptor_proto", data, True, None))
    message("ServiceResponse", (1, "name", text, False, None))
    message("ListServiceResponse", (1, "service", sub, True, "ServiceResponse"))
    message("ErrorResponse", (1, "error_code", field.TYPE_INT32, False, None), (2, "error_message", text, False, None))
    message(
        "ServerReflectionResponse",
        (4, "file_descriptor_response", sub, False, "FileDescriptorResponse"),
        (6, "list_services_response", sub, False, "ListServiceResponse"),
        (7, "error_response", sub, False, "ErrorResponse"),
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool


class Server:
    """A gRPC server as its reflection describes it."""

    def __init__(self, channel):
        self.channel = channel
        own = reflection_pool()
        self.request = message_class(own, "grpc.reflection.v1alpha.ServerReflectionRequest")
        self.reflect = channel.stream_stream(
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
            request_serializer=self.request.SerializeToString,
            response_deserializer=message_class(own, "grpc.reflection.v1alpha.ServerReflectionResponse").FromString,
        )
        self.pool = descriptor_pool.DescriptorPool()
        self.files = {}
        self.services = [service.name for service in self.ask(list_services="*").list_services_response.service]

    def ask(self, **question):
        answer = next(self.reflect(iter([self.request(**question)]), timeout=DEADLINE))
        assert not answer.HasField("error_response"), f"{question}: {answer.error_response.error_message}"
        return answer

    def learn(self, symbol):
        """Adds the file of a symbol and all that it imports to the pool, imports first."""
        found = {}
        for data in self.ask(file_containing_symbol=symbol).file_descriptor_response.file_descriptor_proto:
            file = descriptor_pb2.FileDescriptorProto.FromString(data)
            found[file.name] = file

        def add(name):
            if name in self.files:
                return
            assert name in found, f"reflection of {symbol} lacks {name}"
            for dependency in found[name].dependency:
                add(dependency)
            self.pool.Add(found[name])
            self.files[name] = found[name]

        for name in found:
            add(name)

    def new(self, name, **fields):
        return message_class(self.pool, name)(**fields)

    def call(self, service, method, **fields):
        """Calls a unary method; an error carries its google.rpc.Status."""
        described = self.pool.FindServiceByName(service).FindMethodByName(method)
        request = message_class(self.pool, described.input_type.full_name)
        response = message_class(self.pool, described.output_type.full_name)
        stub = self.channel.unary_unary(
            f"/{service}/{method}", request_serializer=request.SerializeToString, response_deserializer=response.FromString
        )
        return stub(request(**fields), timeout=DEADLINE)


PROJECTS = "tandem.projects.v1.ProjectService"
INVESTORS = "tandem.investors.v1.InvestorService"
EDITIONS = "tandem.pairing.v1.EditionService"
PAIRING = "tandem.pairing.v1.PairingService"


def text(title):
    return {"language_code": "en", "title": title, "summary": "Sensors for the batteries of ships.", "original": True}


def do_the_main_job(server):
    edition = server.call(
        EDITIONS, "CreateEdition", edition_id="foreign",
        edition={"reference_date": "2026-11-14", "time_zone": "Asia/Shanghai", "languages": ["en"], "base_currency_code": "CNY"},
    )
    assert edition.name == "editions/foreign", edition.name
    sector = {"scheme": "nace", "version": "2.1", "code": "C27"}

    project = server.call(
        PROJECTS, "CreateProject", parent=edition.name, consistency_token=edition.consistency_token,
        project={"external_id": "p1", "texts": [text("Battery sensors")], "sectors": [sector],
                 "place": {"country_code": "CN"}, "languages": ["en"]},
    )
    states = type(project).DESCRIPTOR.fields_by_name["state"].enum_type.values_by_name
    assert project.state == states["STATE_DRAFT"].number, project.state
    server.call(PROJECTS, "SubmitProject", name=project.name)
    project = server.call(PROJECTS, "ReviewProject", name=project.name, decision="DECISION_PUBLISH")
    assert project.state == states["STATE_PUBLISHED"].number, project.state

    investor = server.call(
        INVESTORS, "CreateInvestor", parent=edition.name, consistency_token=edition.consistency_token,
        investor={"external_id": "i1", "texts": [text("Harbour Capital")], "places": [{"country_code": "CN"}],
                  "languages": ["en"], "mandate": {"criteria": [{"sectors": {"items": [{"sector": sector}]}}]}},
    )
    server.call(INVESTORS, "SubmitInvestor", name=investor.name)
    investor = server.call(INVESTORS, "VerifyInvestor", name=investor.name, decision="DECISION_VERIFY")

    # First by the investor's token, so that matching has seen it; the answer's own token covers it from then on.
    seen = server.call(PAIRING, "FindMatches", subject=investor.name,
                       consistency={"at_least_as_fresh": investor.consistency_token}).metadata.consistency_token
    found = server.call(PAIRING, "FindMatches", subject=project.name, explain=True,
                        consistency={"at_least_as_fresh": project.consistency_token})
    assert [match.investor for match in found.matches] == [investor.name], found
    match = found.matches[0]
    assert match.counterpart_external_id == "i1" and match.counterpart_title == "Harbour Capital" and match.rank == 1, match
    assert match.terms and sum(term.points for term in match.terms) == match.score, match
    found = server.call(PAIRING, "FindMatches", subject=investor.name, consistency={"at_least_as_fresh": seen})
    assert [(match.project, match.score) for match in found.matches] == [(project.name, match.score)], found
    return project


def details_of(server, error):
    """The google.rpc.Status of an error: its details by type name."""
    data = dict(error.trailing_metadata()).get("grpc-status-details-bin")
    assert data is not None, f"no details in {error}"
    status = server.new("google.rpc.Status")
    status.ParseFromString(data)
    assert status.code == error.code().value[0] and status.message == error.details(), status
    details = {}
    for detail in status.details:
        name = detail.type_url.rsplit("/", 1)[-1]
        details[name] = server.new(name)
        details[name].ParseFromString(detail.value)
    return details


def expect_error(server, code, reason, service, method, **fields):
    try:
        server.call(service, method, **fields)
    except grpc.RpcError as error:
        assert error.code() == code, error
        details = details_of(server, error)
        info = details["google.rpc.ErrorInfo"]
        assert (info.domain, info.reason) == ("tandem", reason), info
        return details
    raise AssertionError(f"{method} was expected to fail with {reason}")


def read_errors(server, project):
    for name in ("google.rpc.ErrorInfo", "google.rpc.BadRequest"):
        server.learn(name)
    details = expect_error(
        server, grpc.StatusCode.INVALID_ARGUMENT, "FIELD_INVALID", PROJECTS, "CreateProject", parent="editions/foreign",
        project={"texts": [{"language_code": "not a language", "title": "Title"}], "trl": 10, "founded_date": "2026-02-30"},
    )
    fields = {violation.field for violation in details["google.rpc.BadRequest"].field_violations}
    assert fields == {"project.texts[0].language_code", "project.trl", "project.founded_date"}, fields
    assert all(v.description for v in details["google.rpc.BadRequest"].field_violations), details

    missing = "editions/foreign/projects/nobody"
    details = expect_error(server, grpc.StatusCode.NOT_FOUND, "RESOURCE_NOT_FOUND", PROJECTS, "GetProject", name=missing)
    assert details["google.rpc.ErrorInfo"].metadata["resource"] == missing, details
    assert "google.rpc.BadRequest" not in details, details

    details = expect_error(server, grpc.StatusCode.FAILED_PRECONDITION, "STATE_CONFLICT", PROJECTS, "SubmitProject", name=project.name)
    assert set(details["google.rpc.ErrorInfo"].metadata) == {"resource", "state", "step", "allowed"}, details


def main():
    with tempfile.TemporaryDirectory(prefix="tandem-e2e-") as data:
        process = subprocess.Popen(
            [sys.argv[1], "--data", data, "--listen", "127.0.0.1:0", "--log-level", "warning"], stdout=subprocess.PIPE, text=True
        )
        try:
            banner = process.stdout.readline()
            address = re.search(r" listens on ([^,;\s]+)", banner)
            assert address, f"no address in the banner: {banner!r}"
            assert process.stdout.readline() == "ready\n"
            with grpc.insecure_channel(address.group(1)) as channel:
                server = Server(channel)
                for service in (PROJECTS, INVESTORS, EDITIONS, PAIRING):
                    assert service in server.services, server.services
                    server.learn(service)
                project = do_the_main_job(server)
                read_errors(server, project)
            process.terminate()
            assert process.wait(timeout=DEADLINE) == 0, process.returncode
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    print(f"did the main job through reflection, with {len(server.files)} contracts learned from the server")


if __name__ == "__main__":
    main()
