// Program argocd answers with Argo CD's own code what the end-to-end tests ask. Each command prints JSON:
//
//	argocd build REPOSITORY PATH CONFIGMAP VERSION          what the repo server gets from a named version of kustomize
//	argocd applications REPOSITORY APPLICATIONSET PROJECT   the Applications that an ApplicationSet makes
//	argocd health CONFIGMAP OBJECTS                         the health of objects, with the customizations of argocd-cm
//	argocd diff KUBECONFIG OBJECTS                          the objects in which the cluster differs, after server-side apply
//	argocd generate REPOSITORY PATH SOURCE                  what the repo server gets from a plugin; SOURCE is JSON
//
// Under the name argocd-cmp-server it is Argo CD's server for plugins.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	log "github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/utils/kube"
)

var commands = map[string]func(arguments []string) (any, error){
	"build":        build,
	"applications": applications,
	"health":       resourceHealth,
	"diff":         diffs,
	"generate":     generate,
}

func main() {
	if filepath.Base(os.Args[0]) == serverName {
		servePlugin()
		return
	}
	log.SetOutput(io.Discard)
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) == 0 || commands[arguments[0]] == nil {
		return fmt.Errorf("no such command: %v", arguments)
	}
	answer, err := commands[arguments[0]](arguments[1:])
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(answer)
}

// readObjects reads a file of manifests.
func readObjects(file string) ([]*unstructured.Unstructured, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return kube.SplitYAML(text)
}
